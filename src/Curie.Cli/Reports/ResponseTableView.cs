using Curie.Numerics.Statistics;
using Curie.Response.Estimators;
using Curie.Response.Runs;
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
            [.. Enumerable.Range(0, table.Probes.Count).SelectMany(_ => Enumerable.Range(0, table.Components.Count), (p, c) => (p, c))];
        NumberScale scale = NumberScale.For(cells.Select(cell => table.Value(cell.Probe, cell.Component)));
        string symbol = NumberScale.Symbol(table.Part);
        console.Heading($"Response matrix: {symbol} of every component to every probe, mean over the probe's tokens ± standard error");
        console.WriteLine();
        new HeatTable(table.Probes, table.Components, (probe, component) => Cell(table, scale, probe, component, run?.DegreesOfFreedom(table.Part, component))).Draw(console);
        console.WriteLine();
        DrawLegend(console, table.Part, scale, run?.Shape.Batches > 0);
        if (run is not null && table.Part.UsesCovariance())
        {
            console.Note($"  covariance: {RunWords.Of(run.Estimator)}.");
        }

        string[] missing = [.. table.Components.Where((_, component) => !double.IsFinite(table.Value(0, component)))];
        if (missing.Length > 0)
        {
            console.Note($"  n/a: {string.Join(", ", missing)} has no estimate, because none of its chains stayed healthy.");
        }
    }

    private static HeatCell Cell(ResponseTable table, NumberScale scale, int probe, int component, int? degrees)
    {
        double value = table.Value(probe, component);
        double error = table.StandardError(probe, component);
        return new HeatCell(
            scale.Signed(value),
            double.IsFinite(error) ? "±" + scale.Unsigned(error) : "",
            scale.Largest > 0 ? value / scale.Largest : value,
            Math.Abs(value) <= (degrees is { } known ? new MeanEstimate(0, error, known).HalfWidth() : DistinctFrom * error));
    }

    private static void DrawLegend(IAnsiConsole console, ResponsePart part, NumberScale scale, bool intervals)
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
        console.WriteLine($"in {scale.Unit(NumberScale.UnitOf(part))}; {dim}: {(intervals ? "zero is inside the 95 % interval (Student's t)" : "within two standard errors of zero")}.");
        if (part == ResponsePart.Susceptibility)
        {
            console.Note("  Negative: the component expresses the probe's text; positive: it suppresses it.");
        }
    }
}
