using Curie.Numerics;
using Curie.Numerics.Statistics;
using Curie.Response.Patterns;

namespace Curie.Studies.Conclusions;

/// <summary>Which components have a larger learning coefficient than which, and how sure that is.</summary>
public static class CoefficientConclusion
{
    private const double Discovery = 0.05;
    private const int MostNamed = 3;
    private const string Full = "full";

    /// <summary>
    /// Compares all pairs of components but `full`, by Welch's t of the difference over the root of both squared errors, and corrects for
    /// the number of
    /// pairs (Benjamini and Hochberg 1995). Errors of components that were measured on the same rows are positively correlated, so
    /// that the comparison is on the safe side.
    /// </summary>
    /// <param name="coefficients">λ̂ by component; those without an estimate or an error are left out.</param>
    public static Conclusion Of(IReadOnlyDictionary<string, MeanEstimate> coefficients)
    {
        ArgumentNullException.ThrowIfNull(coefficients);
        return new Conclusion([.. Sentences(coefficients)]);
    }

    private static IEnumerable<string> Sentences(IReadOnlyDictionary<string, MeanEstimate> coefficients)
    {
        if (coefficients.TryGetValue(Full, out MeanEstimate full) && double.IsFinite(full.Mean))
        {
            yield return $"The whole model has λ̂ = {EstimateText.Of(full.Mean, full.StandardError)}.";
        }

        (string Name, MeanEstimate Value)[] parts =
        [
            .. coefficients
                .Where(one => one.Key != Full && double.IsFinite(one.Value.Mean) && one.Value.StandardError > 0)
                .OrderByDescending(one => one.Value.Mean)
                .Select(one => (one.Key, one.Value)),
        ];
        if (parts.Length < 2)
        {
            yield break;
        }

        (int Large, int Small)[] pairs =
        [
            .. from large in Enumerable.Range(0, parts.Length)
            from small in Enumerable.Range(large + 1, parts.Length - large - 1)
            select (large, small),
        ];
        double[] q = FalseDiscovery.Adjust([
            .. pairs.Select(pair => Welch.PValue(Welch.Difference(parts[pair.Large].Value, parts[pair.Small].Value))),
        ]);
        HashSet<(int Large, int Small)> different = [.. pairs.Where((_, i) => q[i] < Discovery)];
        string[] largest = [.. parts.Take(MostNamed).Select(Named)];
        string[] smallest = [.. parts.Skip(Math.Max(MostNamed, parts.Length - MostNamed)).Select(Named)];
        yield return $"Of {Counted.Of(parts.Length, "component")}, {EstimateText.List(largest)} "
            + $"{Counted.Word(largest.Length, "is", "are")} the largest"
            + (smallest.Length == 0 ? "" : $", {EstimateText.List(smallest)} the smallest")
            + ".";
        int below = Enumerable.Range(1, parts.Length - 1).TakeWhile(small => !different.Contains((0, small))).Count();
        yield return different.Count == 0
            ? "No two of them differ beyond their errors (false discovery rate 5 %): more draws, chains or rows tell more."
            : $"{different.Count} of {Counted.Of(pairs.Length, "pair")} differ beyond their errors (false discovery rate 5 %); "
                + $"{parts[0].Name} is larger than "
                + (
                    below == 0 ? "every other."
                    : below == parts.Length - 1 ? "none of them beyond error."
                    : $"all but {EstimateText.List([.. parts.Skip(1).Take(below).Select(one => one.Name)])}."
                );
    }

    private static string Named((string Name, MeanEstimate Value) one) =>
        $"{one.Name} ({EstimateText.Of(one.Value.Mean, one.Value.StandardError)})";
}
