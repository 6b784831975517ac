using Curie.Response.Attribution;
using MathNet.Numerics.Statistics;

namespace Curie.Studies.Analysis;

/// <summary>Says in sentences how much of what components show is there before the loss is felt.</summary>
public static class LevelWords
{
    /// <summary>What the levels say of all components, in a sentence.</summary>
    public static string Describe(IReadOnlyList<ComponentLevels> components)
    {
        string[] structures =
        [
            .. Structure("excess", [.. components.Select(component => component.Excess)]),
            .. Structure("covariance", [.. components.Select(component => component.Covariance)]),
        ];
        string share = NumberScale.Percent(
            Median(components.Select(component => component.Phi.Gaussian / (component.Phi.Gaussian + component.Phi.Loss)))
        );
        if (!double.IsFinite(Median(components.Select(component => component.Phi.Loss))))
        {
            return "How much of E[φ] draws that never feel the loss give is not known: with so few draws, chains "
                + "were compared with their twins once, from which no error follows; give more draws or chains.";
        }

        string also = structures.Length == 0 ? "" : $", and over tokens they correlate {string.Join(" and ", structures)}";
        return $"Draws that never feel the loss give {share} of E[φ]{also} (medians over components): so far this is geometry of the "
            + "checkpoint, and only the rest is what the loss surface adds.";
    }

    /// <summary>Whether two levels know more than the chains alone; null where nothing is known of it.</summary>
    public static string? Pays(IReadOnlyList<ComponentLevels> components)
    {
        double[] ratios = [.. components.Select(component => component.ExcessVarianceRatio).Where(double.IsFinite)];
        return ratios.Length == 0
            ? null
            : $"Excess and R from the chains alone have {NumberScale.Two(Median(ratios))} times the variance of the two levels added up "
                + $"(median; components {NumberScale.Two(ratios.Min())} to {NumberScale.Two(ratios.Max())}): above 1 the levels are the "
                + "better estimate.";
    }

    private static IEnumerable<string> Structure(string part, LevelSpread?[] spreads)
    {
        double correlation = Median(spreads.Select(spread => spread?.Correlation ?? double.NaN));
        double ceiling = Median(spreads.Select(spread => spread?.Ceiling ?? double.NaN));
        return double.IsFinite(correlation)
            ?
            [
                $"by {NumberScale.Two(correlation)} with the "
                    + $"{part}{(double.IsFinite(ceiling) ? $" (at most {NumberScale.Two(ceiling)} could be seen)" : "")}",
            ]
            : [];
    }

    private static double Median(IEnumerable<double> values) => values.Where(double.IsFinite).Median();
}
