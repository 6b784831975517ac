using System.Text.Json;
using Curie.Numerics;
using Curie.Response.Comparison;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Studies.Conclusions;

/// <summary>What differs between two runs, and what they do not have in common.</summary>
public static class ComparisonConclusion
{
    private const int MostNamed = 3;

    /// <summary>Draws the conclusion.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="first">The first run.</param>
    /// <param name="second">The second.</param>
    public static Conclusion Of(RunComparison comparison, RunManifest first, RunManifest second)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return new Conclusion([.. Sentences(comparison, first, second)]);
    }

    private static IEnumerable<string> Sentences(RunComparison comparison, RunManifest first, RunManifest second)
    {
        ResponsePart part = ResponsePart.Parse(comparison.Part);
        ResponseDifference[] apart = [.. comparison.StandOut];
        int compared = comparison.Responses.Count + comparison.Coefficients.Count;
        ResponseDifference[] responses = [.. apart.Where(one => one.Probe is not null)];
        ResponseDifference[] coefficients = [.. apart.Where(one => one.Probe is null)];
        yield return apart.Length == 0
            ? $"Of {Counted.Of(compared, "difference")} none stands out beyond its error (false discovery rate 5 %)."
            : $"Of {Counted.Of(compared, "difference")} {apart.Length} stand out beyond their errors (false discovery rate 5 %): "
                + $"{responses.Length} of {part.Symbol}, {coefficients.Length} of λ̂.";
        if (responses.Length > 0)
        {
            NumberScale scale = NumberScale.For(responses.Select(one => one.Difference.Mean));
            yield return $"Of {part.Symbol} the largest, in {scale.Unit(part.Unit)}: "
                + string.Join(
                    ", ",
                    Largest(responses)
                        .Select(one => $"{Name(one)} on {one.Probe} {scale.Of(one.Difference.Mean, one.Difference.StandardError)}")
                )
                + "."
                + Care(Largest(responses), first, second);
        }

        if (coefficients.Length > 0)
        {
            yield return "Of λ̂ the largest: "
                + string.Join(
                    ", ",
                    Largest(coefficients)
                        .Select(one =>
                            $"{Name(one)} {EstimateText.Of(one.Difference.Mean, one.Difference.StandardError, signed: true)} (from "
                            + $"{EstimateText.Of(one.First, one.FirstError)})"
                        )
                )
                + "."
                + Care(Largest(coefficients), first, second);
        }

        if (comparison.Correlations.Count > 0)
        {
            double[] order = [.. comparison.Correlations.Values.Where(double.IsFinite).Order()];
            if (order.Length > 0)
            {
                yield return $"Token by token {part.Symbol} correlates by {NumberScale.Two(order[order.Length / 2])} between the runs "
                    + $"(median of "
                    + $"{Counted.Of(order.Length, "component")}, {NumberScale.Two(order[0])} to {NumberScale.Two(order[^1])}).";
            }
        }

        string[] alone = [.. first.Components.Except(second.Components).Concat(second.Components.Except(first.Components))];
        if (!comparison.Matched && alone.Length > 0)
        {
            yield return $"Not compared, being in one run alone: {string.Join(", ", alone)}.";
        }

        string[] settings = [.. Settings(first, second)];
        if (settings.Length > 0)
        {
            yield return $"The runs differ in {EstimateText.List(settings)}.";
        }
    }

    private static IEnumerable<ResponseDifference> Largest(IEnumerable<ResponseDifference> differences) =>
        differences.OrderByDescending(one => Math.Abs(one.Difference.Mean)).Take(MostNamed);

    /// <summary>What is noted of the chains of the components that differences are of, run by run; empty where nothing is.</summary>
    private static string Care(IEnumerable<ResponseDifference> named, RunManifest first, RunManifest second)
    {
        ResponseDifference[] all = [.. named];
        string[] said =
        [
            .. Of("first", ChainWarnings.Noted(first, all.Select(one => one.Component).Distinct())),
            .. Of("second", ChainWarnings.Noted(second, all.Select(one => one.Partner).Distinct())),
        ];
        return said.Length == 0 ? "" : $" With care: {string.Join("; ", said)}.";

        static IEnumerable<string> Of(string run, string? noted) => noted is null ? [] : [$"in the {run} run {noted}"];
    }

    private static string Name(ResponseDifference one) =>
        one.Component == one.Partner ? one.Component : $"{one.Component} (beside {one.Partner})";

    /// <summary>The keys of the two configurations that differ, the model's first.</summary>
    private static IEnumerable<string> Settings(RunManifest first, RunManifest second) =>
        from key in new[] { (string?)null, "sampling" }
        let left = Section(first.Configuration, key)
        let right = Section(second.Configuration, key)
        where left is not null && right is not null
        from property in left.Value.EnumerateObject()
        where property.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)
        where right.Value.TryGetProperty(property.Name, out JsonElement other) && !JsonElement.DeepEquals(property.Value, other)
        select property.Name;

    private static JsonElement? Section(JsonElement configuration, string? key) =>
        configuration.ValueKind != JsonValueKind.Object ? null
        : key is null ? configuration
        : configuration.TryGetProperty(key, out JsonElement section) && section.ValueKind == JsonValueKind.Object ? section
        : null;
}
