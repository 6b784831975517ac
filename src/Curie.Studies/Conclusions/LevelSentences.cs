using Curie.Networks.Components;
using Curie.Numerics;
using Curie.Response.Attribution;
using MathNet.Numerics.Statistics;

namespace Curie.Studies.Conclusions;

/// <summary>Says how much of a run is there before the loss is felt, and to which components sampling adds nothing.</summary>
internal static class LevelSentences
{
    private const int MostNamed = 6;

    /// <summary>At most two sentences; none where a run does not hold the levels.</summary>
    /// <param name="found">The levels of every component; null where they are not held.</param>
    /// <param name="correlations">
    /// Whether correlations with the control and sizes are said; not where a verdict on the control stands above.
    /// </param>
    public static IEnumerable<string> Of(IReadOnlyList<ComponentLevels>? found, bool correlations)
    {
        ComponentLevels[] levels = [.. found?.Where(one => one.Component != Component.FullName) ?? []];
        return new[]
        {
            Sentence("excess", Known(levels, one => one.Excess), correlations),
            Sentence("covariance", Known(levels, one => one.Covariance), correlations),
        }.OfType<string>();
    }

    private static (string Component, LevelSpread Spread)[] Known(ComponentLevels[] levels, Func<ComponentLevels, LevelSpread?> part) =>
        [
            .. from one in levels
            let spread = part(one)
            where spread is not null && double.IsFinite(spread.Correlation)
            select (one.Component, spread),
        ];

    private static string? Sentence(string part, (string Component, LevelSpread Spread)[] known, bool correlations)
    {
        if (known.Length == 0)
        {
            return null;
        }

        string[] nothing = [.. known.Where(one => one.Spread.Loss is null).Select(one => one.Component)];
        if (!correlations)
        {
            return nothing.Length == 0
                ? null
                : $"Component by component, what the loss adds to the {part} is within sampling error in "
                    + $"{(nothing.Length == known.Length ? "every one" : Named(nothing))}.";
        }

        double ratio = Median(known.Select(one => (one.Spread.Loss ?? 0) / (one.Spread.Total ?? double.NaN)));
        string size =
            $"what the loss changes, its size included, has {EstimateText.Of(ratio, 2)} times its standard deviation (median of "
            + $"{Counted.Of(known.Length, "component")})";
        string adds =
            nothing.Length == known.Length ? "the loss adds nothing beyond sampling error to any component"
            : nothing.Length == 0 ? size
            : $"{size}, and is nothing beyond sampling error in {Named(nothing)}";
        return $"{Correlation(part, known)}; {adds}.";
    }

    private static string Correlation(string part, (string Component, LevelSpread Spread)[] components)
    {
        double ceiling = Median(components.Select(one => one.Spread.Ceiling ?? double.NaN));
        string limit = double.IsFinite(ceiling)
            ? $", where sampling error would leave {EstimateText.Of(Math.Min(1, ceiling), 2)} of 1"
            : "";
        return $"Over tokens the {part} correlates with that of the control by r = "
            + $"{EstimateText.Of(Median(components.Select(one => one.Spread.Correlation)), 2)}{limit} (median)";
    }

    private static string Named(string[] names) =>
        names.Length <= MostNamed ? EstimateText.List(names) : $"{names.Length} components ({string.Join(", ", names.Take(MostNamed))}, …)";

    private static double Median(IEnumerable<double> values) => values.Where(double.IsFinite).Median();
}
