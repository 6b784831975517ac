using Curie.Response.Attribution;
using Curie.Response.Estimators;
using Curie.Studies.Analysis;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Says how much of what components show is there before the loss is felt, and what the loss surface adds.</summary>
internal static class LevelView
{
    /// <summary>What the figures mean.</summary>
    public const string Meaning =
        "Gaussian: independent draws around the checkpoint that never feel the loss (the control). Loss adds: chains less "
        + "twins with the same noise that do not feel it; of the covariance, the chains' value less the Gaussian's. Excess and "
        + "covariance: standard deviations over tokens without sampling error; r: the correlation over tokens of the Gaussian with the "
        + "chains' values, and below it the most that sampling error would leave of a correlation of 1. \"noise\": no more than sampling "
        + "error.";

    private const string Noise = "noise";

    /// <summary>Draws one column per component and what it means.</summary>
    public static void Draw(IAnsiConsole console, IReadOnlyList<ComponentLevels> components)
    {
        Line[] lines =
        [
            .. Means(components),
            .. Spreads("excess", ResponsePart.Excess.Unit, [.. components.Select(component => component.Excess)]),
            .. Spreads("covariance", ResponsePart.Covariance.Unit, [.. components.Select(component => component.Covariance)]),
        ];
        console.Heading("How much of this draws that never feel the loss have too");
        console.WriteLine();
        new HeatTable([.. lines.Select(line => line.Label)], [.. components.Select(component => component.Component)], (row, c) =>
            lines[row].Cells[c]
        ).Draw(console);
        console.WriteLine();
        ReproducibilityView.Sentence(console, LevelWords.Describe(components));
        if (LevelWords.Pays(components) is { } pays)
        {
            ReproducibilityView.Sentence(console, pays);
        }

        console.Note(Meaning);
    }

    private static Line[] Means(IReadOnlyList<ComponentLevels> components)
    {
        NumberScale scale = Scale(components.Select(component => component.Phi.Gaussian));
        return
        [
            new(
                $"E[φ] Gaussian, {scale.Unit("nats")}",
                [.. components.Select(component => Mean(scale, component.Phi.Gaussian, component.Phi.GaussianError))]
            ),
            new("E[φ] loss adds", [.. components.Select(component => Mean(scale, component.Phi.Loss, component.Phi.LossError))]),
        ];
    }

    private static Line[] Spreads(string part, string unit, LevelSpread?[] spreads)
    {
        if (Array.TrueForAll(spreads, spread => spread is null))
        {
            return [];
        }

        NumberScale scale = Scale(spreads.Select(spread => spread?.Gaussian ?? double.NaN));
        return
        [
            new($"{part} Gaussian, {scale.Unit(unit)}", [.. spreads.Select(spread => Deviation(scale, spread, spread?.Gaussian))]),
            new($"{part} loss adds", [.. spreads.Select(spread => Deviation(scale, spread, spread?.Loss))]),
            new($"{part} r", [.. spreads.Select(Correlation)]),
        ];
    }

    /// <summary>The unit of single components; `full`, which comes first, is much larger.</summary>
    private static NumberScale Scale(IEnumerable<double> values) => NumberScale.For(values.Skip(1));

    private static HeatCell Mean(NumberScale scale, double value, double error) =>
        Plain((value < 0 ? "" : "+") + scale.Figures(value, digits: 4), "±" + scale.Figures(error));

    private static HeatCell Deviation(NumberScale scale, LevelSpread? spread, double? deviation) =>
        Plain(
            deviation is { } known ? scale.Figures(known, digits: 4)
                : spread is not null && double.IsFinite(spread.Correlation) ? Noise
                : scale.Figures(double.NaN),
            null
        );

    private static HeatCell Correlation(LevelSpread? spread) =>
        spread is null
            ? Plain(NumberScale.Two(double.NaN), null)
            : ReproducibilityView.Cell(spread.Correlation) with
            {
                Detail = spread.Ceiling is { } ceiling ? "≤" + NumberScale.Two(ceiling) : null,
            };

    private static HeatCell Plain(string value, string? detail) => new(value, detail, 0, Dim: false);

    /// <summary>A row of the table.</summary>
    private sealed record Line(string Label, HeatCell[] Cells);
}
