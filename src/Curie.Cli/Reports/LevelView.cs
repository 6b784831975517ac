using Curie.Response.Attribution;
using Curie.Response.Estimators;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Says how much of what components show is there before the loss is felt, and what the loss surface adds.</summary>
internal static class LevelView
{
    /// <summary>What the figures mean.</summary>
    public const string Meaning =
        "Gaussian: independent draws of the localization alone around the checkpoint, which never feel the loss. Loss adds: chains less twins with the same noise that do not feel it; of the covariance, "
        + "the chains' value less the Gaussian's. Excess and covariance: standard deviations over tokens without sampling error; r: the correlation over tokens of the Gaussian with the chains' values, and below it "
        + "the most that sampling error would leave of a correlation of 1. \"noise\": no more than sampling error.";

    private const string Noise = "noise";

    /// <summary>Draws one column per component and what it means.</summary>
    public static void Draw(IAnsiConsole console, IReadOnlyList<ComponentLevels> components)
    {
        Line[] lines =
        [
            .. Means(components),
            .. Spreads("excess", NumberScale.UnitOf(ResponsePart.Excess), [.. components.Select(component => component.Excess)]),
            .. Spreads("covariance", NumberScale.UnitOf(ResponsePart.Covariance), [.. components.Select(component => component.Covariance)]),
        ];
        console.Heading("How much of this is there before the loss is felt");
        console.WriteLine();
        new HeatTable([.. lines.Select(line => line.Label)], [.. components.Select(component => component.Component)], (row, c) => lines[row].Cells[c]).Draw(console);
        console.WriteLine();
        ReproducibilityView.Sentence(console, Describe(components));
        if (Pays(components) is { } pays)
        {
            ReproducibilityView.Sentence(console, pays);
        }

        console.Note(Meaning);
    }

    /// <summary>What the levels say of all components, in a sentence.</summary>
    public static string Describe(IReadOnlyList<ComponentLevels> components)
    {
        string[] structures =
        [
            .. Structure("excess", [.. components.Select(component => component.Excess)]),
            .. Structure("covariance", [.. components.Select(component => component.Covariance)]),
        ];
        string share = NumberScale.Percent(Median(components.Select(component => component.Phi.Gaussian / (component.Phi.Gaussian + component.Phi.Loss))));
        string also = structures.Length == 0 ? "" : $", and over tokens it correlates {string.Join(" and ", structures)}";
        return $"The localization's Gaussian, before the loss is felt, gives {share} of E[φ]{also} (medians over components): so far this is geometry of the checkpoint, and only the rest is what the loss surface adds.";
    }

    /// <summary>Whether two levels know more than the chains alone; null where nothing is known of it.</summary>
    public static string? Pays(IReadOnlyList<ComponentLevels> components)
    {
        double[] ratios = [.. components.Select(component => component.ExcessVarianceRatio).Where(double.IsFinite)];
        return ratios.Length == 0
            ? null
            : $"Excess and R from the chains alone have {Two(Median(ratios))} times the variance of the two levels added up (median; components {Two(ratios.Min())} to {Two(ratios.Max())}): above 1 the levels are the better estimate.";
    }

    private static IEnumerable<string> Structure(string part, LevelSpread?[] spreads)
    {
        double correlation = Median(spreads.Select(spread => spread?.Correlation ?? double.NaN));
        double ceiling = Median(spreads.Select(spread => spread?.Ceiling ?? double.NaN));
        return double.IsFinite(correlation) ? [$"by {Two(correlation)} with the {part}{(double.IsFinite(ceiling) ? $" (at most {Two(ceiling)} could be seen)" : "")}"] : [];
    }

    private static Line[] Means(IReadOnlyList<ComponentLevels> components)
    {
        NumberScale scale = Scale(components.Select(component => component.Phi.Gaussian));
        return
        [
            new($"E[φ] Gaussian, {scale.Unit("nats")}", [.. components.Select(component => Mean(scale, component.Phi.Gaussian, component.Phi.GaussianError))]),
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

    private static HeatCell Mean(NumberScale scale, double value, double error) => Plain((value < 0 ? "" : "+") + scale.Figures(value, digits: 4), "±" + scale.Figures(error));

    private static HeatCell Deviation(NumberScale scale, LevelSpread? spread, double? deviation) => Plain(
        deviation is { } known ? scale.Figures(known, digits: 4) : spread is not null && double.IsFinite(spread.Correlation) ? Noise : scale.Figures(double.NaN), null);

    private static HeatCell Correlation(LevelSpread? spread) => spread is null
        ? Plain(Two(double.NaN), null)
        : ReproducibilityView.Cell(spread.Correlation) with { Detail = spread.Ceiling is { } ceiling ? "≤" + Two(ceiling) : null };

    private static HeatCell Plain(string value, string? detail) => new(value, detail, 0, Dim: false);

    private static string Two(double value) => ReproducibilityView.Two(value);

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>A row of the table.</summary>
    private sealed record Line(string Label, HeatCell[] Cells);
}
