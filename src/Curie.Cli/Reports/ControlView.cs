using Curie.Response.Reproducibility;
using Curie.Studies.Analysis;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Says how much of a run's structure its control at nβ = 0 has too.</summary>
internal static class ControlView
{
    /// <summary>Draws the comparison.</summary>
    public static void Draw(IAnsiConsole console, ControlComparison comparison)
    {
        console.Heading($"What is left of {comparison.Part} without the loss (control at nβ = 0; no factor nβ on either side)");
        foreach (ControlGroup group in comparison.Groups)
        {
            console.WriteLine();
            console.WriteLine(
                $"  {RunWords.Title(group.Group)}: the control's matrix is {NumberScale.Four(group.FrobeniusRatio)} times as large "
                    + "(Frobenius norm, centred over tokens)."
            );
            new HeatTable(
                ["correlation", "at most", "size ratio"],
                [.. group.Components.Select(component => component.Component)],
                (row, c) =>
                    row switch
                    {
                        0 => ReproducibilityView.Cell(group.Components[c].Correlation),
                        1 => new HeatCell(NumberScale.Two(group.Components[c].Ceiling ?? double.NaN), null, 0, Dim: false),
                        _ => new HeatCell(NumberScale.Four(group.Components[c].SizeRatio), null, 0, Dim: false),
                    }
            ).Draw(console);
            foreach (ControlMode mode in group.Modes)
            {
                ReproducibilityView.Sentence(
                    console,
                    $"mode {mode.Mode}: {NumberScale.Percent(mode.ExplainedVariance)} of the variance, "
                        + $"{NumberScale.Percent(mode.ControlExplainedVariance)} in the control; loadings up to it "
                        + $"{ReproducibilityView.Degrees(mode.LoadingAngle)} apart (by chance "
                        + $"{ReproducibilityView.Degrees(mode.ChanceAngle)}), scores {ReproducibilityView.Degrees(mode.ScoreAngle)}."
                );
            }
        }

        console.WriteLine();
        console.Note(
            comparison.SharesNoise
                ? "What correlates with the control comes from the geometry of the weights, not from the loss, or from the noise, which "
                    + "run and control share, being made with one seed by a version that gave controls no noise of their own: sample the "
                    + "control again to tell the two apart and to see what sampling error would leave of a correlation of 1."
                : "What correlates with the control comes from the geometry of the weights, not from the loss; \"at most\" is what "
                    + "sampling error would leave of a correlation of 1."
        );
    }
}
