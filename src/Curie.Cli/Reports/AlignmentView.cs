using Curie.Response.Reproducibility;
using Curie.Studies.Analysis;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Says how much of the covariance part the gradients at the checkpoint predict.</summary>
internal static class AlignmentView
{
    /// <summary>What the figures mean.</summary>
    public const string Meaning =
        "The prediction -σ0²·g_P·(g_i - g_P) is made from gradients at the checkpoint, without sampling: what the covariance would be if "
        + "losses were linear and localisation alone held the weights. Its correlation with the measured covariance says how much of the "
        + "structure is there before the loss surface is felt at all; \"at most\" is what sampling error would leave of a correlation of "
        + "1.";

    /// <summary>Why there is no prediction.</summary>
    public const string Missing =
        "The run holds no prediction of the covariance from gradients: it is one of an earlier version, or its noise_level or "
        + "localization + weight_decay is 0, so that localisation alone gives no law to predict from.";

    /// <summary>Draws one column per component.</summary>
    public static void Draw(IAnsiConsole console, IReadOnlyList<ComponentAlignment> components)
    {
        console.Heading("What the gradients at the checkpoint predict of the covariance, over tokens");
        console.WriteLine();
        new HeatTable(["correlation", "at most", "size ratio"], [.. components.Select(component => component.Component)], (row, c) =>
            row switch
            {
                0 => ReproducibilityView.Cell(components[c].Correlation),
                1 => new HeatCell(NumberScale.Two(components[c].Ceiling ?? double.NaN), null, 0, Dim: false),
                _ => new HeatCell(NumberScale.Two(components[c].SizeRatio), null, 0, Dim: false),
            }
        ).Draw(console);
        console.WriteLine();
        console.Note(Meaning);
    }
}
