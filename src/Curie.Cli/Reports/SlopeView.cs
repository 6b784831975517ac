using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>
/// Draws the derivatives of the learning coefficients with the data: probes × components, each value over its standard error.
/// </summary>
internal static class SlopeView
{
    /// <summary>Why there are none.</summary>
    public static string Missing(RunManifest run) =>
        run.Observable is null
            ? "The run holds no derivatives of the learning coefficients, because it is one of an earlier version."
            : "The run holds no derivatives of the learning coefficients: they need the response of the data's loss, and the run "
                + "observes other tokens.";

    /// <summary>What a run at nβ = 0 says of them.</summary>
    public const string Control = "At nβ = 0 the learning coefficient is 0 whatever the data, and so is its derivative.";

    /// <summary>Draws the table.</summary>
    /// <param name="console">Where.</param>
    /// <param name="slopes">As <see cref="ProbeSlope.Of"/> gives them.</param>
    /// <param name="run">The run that they are of.</param>
    public static void Draw(IAnsiConsole console, IReadOnlyList<ProbeSlope> slopes, RunManifest run)
    {
        console.Heading(
            "How learning coefficients change with the data: dλ̂/dh ± standard error, h the share of the probe mixed into the data"
        );
        console.WriteLine();
        if (run.Control)
        {
            ReproducibilityView.Sentence(console, Control);
            return;
        }

        NumberScale scale = NumberScale.For(slopes.Select(slope => slope.Value));
        new HeatTable(run.ProbeNames, run.Components, (probe, component) =>
        {
            ProbeSlope slope = slopes[(probe * run.Components.Count) + component];
            return ResponseTableView.Cell(
                slope.Value,
                slope.StandardError,
                scale,
                run.DegreesOfFreedom(ResponsePart.Covariance, component)
            );
        }).Draw(console);
        console.WriteLine();
        ResponseTableView.DrawLegend(console, scale, "units of λ̂", run.Shape.Batches > 0);
        console.Note(
            "  Positive: with a little of the probe in the data the component's learning coefficient at the same checkpoint is larger."
        );
    }
}
