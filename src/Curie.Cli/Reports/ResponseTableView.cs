using Curie.Numerics.Statistics;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Draws the dataset-level response matrix: probes × components, each value over its standard error.</summary>
internal static class ResponseTableView
{
    private const double DistinctFrom = 2;

    /// <summary>Draws one part.</summary>
    /// <param name="console">Where.</param>
    /// <param name="table">The part.</param>
    /// <param name="run">Tells the errors' degrees of freedom; without them a value is distinct from zero beyond two errors.</param>
    public static void Draw(IAnsiConsole console, ResponseTable table, RunManifest? run = null)
    {
        (int Probe, int Component)[] cells =
        [
            .. Enumerable.Range(0, table.Probes.Count).SelectMany(_ => Enumerable.Range(0, table.Components.Count), (p, c) => (p, c)),
        ];
        NumberScale scale = NumberScale.For(cells.Select(cell => table.Value(cell.Probe, cell.Component)));
        string symbol = table.Part.Symbol;
        console.Heading($"Response matrix: {symbol} of every component to every probe, mean over the probe's tokens ± standard error");
        console.WriteLine();
        double rounding = Rounding(table.Part, run);
        new HeatTable(table.Probes, table.Components, (probe, component) =>
            Cell(
                table.Value(probe, component),
                table.StandardError(probe, component),
                scale,
                run?.DegreesOfFreedom(table.Part, component),
                rounding
            )
        ).Draw(console);
        console.WriteLine();
        DrawLegend(console, scale, table.Part.Unit, run?.Shape.Batches > 0);
        if (table.Part == ResponsePart.Susceptibility)
        {
            console.Note(
                run?.Observable is { } observable
                    ? $"  Negative: with more weight on {observable}, the component makes the probe's text easier; positive: harder."
                    : "  Negative: the component expresses the probe's text; positive: it suppresses it."
            );
        }

        if (run is not null && table.Part.UsesCovariance)
        {
            console.Note($"  covariance: {RunWords.Of(run.Estimator)}.");
        }

        string[] missing = [.. table.Components.Where((_, component) => !double.IsFinite(table.Value(0, component)))];
        if (missing.Length > 0)
        {
            console.Note(
                $"  n/a: {string.Join(", ", missing)} has no estimate, because none of its chains stayed healthy, or none left the "
                    + "checkpoint."
            );
        }
    }

    /// <summary>A value over its standard error, dim where it is not distinct from zero.</summary>
    /// <param name="value">The value.</param>
    /// <param name="error">Its standard error.</param>
    /// <param name="scale">The scale of the table.</param>
    /// <param name="degrees">The error's degrees of freedom, for a 95 % interval; null for two errors.</param>
    /// <param name="rounding">What values are rounded to: nothing smaller is distinct from zero.</param>
    public static HeatCell Cell(double value, double error, NumberScale scale, int? degrees, double rounding = 0) =>
        new(
            scale.Signed(value),
            double.IsFinite(error) ? "±" + scale.Unsigned(error) : "",
            scale.Largest > 0 ? value / scale.Largest : value,
            Math.Abs(value)
                <= Math.Max(rounding, degrees is { } known ? new MeanEstimate(0, error, known).HalfWidth() : DistinctFrom * error)
        );

    /// <summary>
    /// The rounding of a difference of losses: half a unit in float32's last place, 2⁻²⁴, of the loss at the checkpoint. Other parts have
    /// other units, and 0.
    /// </summary>
    private static double Rounding(ResponsePart part, RunManifest? run) =>
        part == ResponsePart.Shift || part == ResponsePart.Excess
            ? Math.ScaleB(run?.Health.Select(one => one.Diagnostics.GetValueOrDefault("init_loss")).Max() ?? 0, -24)
            : 0;

    /// <summary>Says what colours, unit and dimmed values of a table mean.</summary>
    /// <param name="console">Where.</param>
    /// <param name="scale">The scale of the table.</param>
    /// <param name="unit">The unit of its values.</param>
    /// <param name="intervals">Whether values are dim by a 95 % interval.</param>
    public static void DrawLegend(IAnsiConsole console, NumberScale scale, string unit, bool intervals)
    {
        console.Write("  ");
        if (console.HasColours())
        {
            console.Write(scale.Signed(-scale.Largest) + " ");
            for (int step = -6; step <= 6; step++)
            {
                console.Write(step == 0 ? "0 " : "  ", DivergingPalette.Cell(step / 6.0, dim: false));
            }

            console.Write($" {scale.Signed(scale.Largest)}   ");
        }

        string dim = console.HasColours() ? "grey" : "in parentheses";
        console.WriteLine(
            $"in {scale.Unit(unit)}; {dim}: "
                + $"{(intervals ? "zero is inside the 95 % interval (Student's t)" : "within two standard errors of zero")}."
        );
    }
}
