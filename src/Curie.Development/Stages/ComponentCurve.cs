using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Development.Stages;

/// <summary>A component's λ̂ on a data set over the checkpoints of a training run, from a table of <c>curie llc</c>.</summary>
/// <param name="Component">The component.</param>
/// <param name="Data">The data set; empty where the table has no such column.</param>
/// <param name="Coefficient">
/// λ̂ with the standard errors that are independent between checkpoints: those of the draws alone where the table tells them apart, as
/// measurements on the same
/// rows share the rows' part.
/// </param>
/// <param name="TotalErrors">The standard errors over draws and rows; null where the table has none, or they were not wanted.</param>
/// <param name="Loss">
/// The loss at the same checkpoints; null where the table has none. It carries no standard errors: those of the table are errors over rows,
/// which all
/// checkpoints share, so they are not independent between checkpoints.
/// </param>
/// <param name="Health">The health of each checkpoint's measurement, as the table names it.</param>
/// <param name="LeftOut">The checkpoints without a value.</param>
public sealed record ComponentCurve(
    string Component,
    string Data,
    DevelopmentCurve Coefficient,
    IReadOnlyList<double>? TotalErrors,
    DevelopmentCurve? Loss,
    IReadOnlyList<string> Health,
    IReadOnlyList<LeftOut> LeftOut
)
{
    private const string Healthy = "ok";

    // Fits square numbers, and squares of more are no numbers.
    private const double Largest = 1e100;

    /// <summary>
    /// Reads a table with columns <c>step</c>, <c>component</c>, <c>value</c> and, where there are any, <c>data</c>, <c>se</c>,
    /// <c>sampling_se</c>, <c>health</c>,
    /// <c>loss</c>; others are ignored. Lines may stand in any order. A line without a value is left out if its health says why.
    /// </summary>
    /// <param name="path">The CSV file.</param>
    /// <param name="healthyOnly">Whether lines whose health is neither empty nor <c>ok</c> are left out.</param>
    /// <param name="usesErrors">Whether the columns <c>sampling_se</c> and <c>se</c> are used.</param>
    /// <returns>The curves in the order in which they first appear.</returns>
    /// <exception cref="InputException">A column is missing, a field is damaged, a step repeats, or a curve has too few
    /// checkpoints.</exception>
    public static IReadOnlyList<ComponentCurve> Read(string path, bool healthyOnly = false, bool usesErrors = true)
    {
        CsvTable table = CsvTable.Read(path);
        table.Require("step", "component", "value");
        if (table.Lines.Count == 0)
        {
            throw new InputException($"{path} has a header and no measurements; run curie llc over checkpoints first.");
        }

        if (table.Lines.FirstOrDefault(line => table.Text(line, "component").Length == 0) is { } nameless)
        {
            throw new InputException($"{path} line {nameless.Number} names no component; restore the line.");
        }

        return
        [
            .. table
                .Lines.GroupBy(line => (Component: table.Text(line, "component"), Data: table.Text(line, "data")))
                .Select(curve => Read(path, table, curve.Key.Component, curve.Key.Data, [.. curve], healthyOnly, usesErrors)),
        ];
    }

    private static ComponentCurve Read(
        string path,
        CsvTable table,
        string component,
        string data,
        CsvLine[] lines,
        bool healthyOnly,
        bool usesErrors
    )
    {
        string name = data.Length == 0 ? $"{component} in {path}" : $"{component} on {data} in {path}";
        Measurement[] all = [.. lines.Select(line => Measure(path, table, line)).OrderBy(row => row.Step)];
        Measurement[] used = [.. all.Where(row => row.Value is not null && (!healthyOnly || row.IsHealthy))];
        double[] steps = [.. used.Select(row => row.Step)];
        double[]? totals = usesErrors ? Errors(name, "se", [.. used.Select(row => row.Error)]) : null;
        double[]? errors = (usesErrors ? Errors(name, "sampling_se", [.. used.Select(row => row.SamplingError)]) : null) ?? totals;
        return new ComponentCurve(
            component,
            data,
            new DevelopmentCurve(name, steps, [.. used.Select(row => row.Value!.Value)], errors),
            totals,
            used.All(row => row.Loss is not null)
                ? new DevelopmentCurve($"the loss of {name}", steps, [.. used.Select(row => row.Loss!.Value)])
                : null,
            [.. used.Select(row => row.Health)],
            [.. all.Except(used).Select(row => new LeftOut(row.Step, row.Health))]
        );
    }

    /// <summary>A column of standard errors, which is there at all checkpoints or at none.</summary>
    private static double[]? Errors(string name, string column, double?[] errors) =>
        Array.TrueForAll(errors, error => error is null) ? null
        : Array.TrueForAll(errors, error => error is not null) ? [.. errors.Select(error => error!.Value)]
        : throw new InputException(
            $"{name} has standard errors at some checkpoints only; complete the column {column}, or give `usesErrors: false` to do without."
        );

    private static Measurement Measure(string path, CsvTable table, CsvLine line)
    {
        Measurement measured = new(
            table.Number(line, "step")
                ?? throw new InputException($"{path}, line {line.Number}: there is no step; mend or remove the line."),
            Number(path, table, line, "value"),
            Number(path, table, line, "se"),
            Number(path, table, line, "sampling_se"),
            Number(path, table, line, "loss"),
            table.Text(line, "health")
        );
        return measured.Value is null && measured.IsHealthy
            ? throw new InputException(
                $"{path}, line {line.Number}: there is no value, and no health that says why; mend or remove the line."
            )
            : measured;
    }

    private static double? Number(string path, CsvTable table, CsvLine line, string column) =>
        table.Number(line, column) is not { } number ? null
        : Math.Abs(number) <= Largest ? number
        : throw new InputException(
            FormattableString.Invariant(
                $"{path}, line {line.Number}: {column} is {number}, which is out of all proportion; mend or remove the line."
            )
        );

    private sealed record Measurement(double Step, double? Value, double? Error, double? SamplingError, double? Loss, string Health)
    {
        public bool IsHealthy => Health is "" or Healthy;
    }
}
