using Curie.Page.Data;
using Curie.Response.Comparison;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Conclusions;

namespace Curie.Page;

/// <summary>Two runs side by side, as <c>curie compare</c> has them, for every part of the response that both hold.</summary>
internal static class PageComparison
{
    /// <summary>Compares them.</summary>
    /// <exception cref="Numerics.InputException">They have no component, no probe or no part in common.</exception>
    public static ComparisonData Of((string Name, SusceptibilityRun Run) first, (string Name, SusceptibilityRun Run) second)
    {
        ResponsePart[] parts = [.. second.Run.Manifest.HeldParts.Where(first.Run.Manifest.Holds)];

        // A run that does not hold the part that the page opens with is refused with the comparison's own words.
        ResponsePart[] compared = parts.Length > 0 ? parts : [second.Run.Manifest.MainPart];
        return new ComparisonData(
            first.Name,
            second.Name,
            compared.ToDictionary(part => part.Name, part => Part(first.Run, second.Run, part))
        );
    }

    private static PartComparisonData Part(SusceptibilityRun first, SusceptibilityRun second, ResponsePart part)
    {
        RunComparison comparison = RunComparison.Of(
            first,
            second,
            new RunComparisonOptions
            {
                Part = part,
                FirstNBeta = RunSources.Of(first.Manifest).NBeta,
                SecondNBeta = RunSources.Of(second.Manifest).NBeta,
            }
        );
        return new PartComparisonData(
            ComparisonConclusion.Of(comparison, first.Manifest, second.Manifest).Sentences,
            RunComparison.Discovery,
            [.. comparison.Responses.Select(Difference)],
            [.. comparison.Coefficients.Select(Difference)],
            comparison.Correlations
        );
    }

    private static DifferenceData Difference(ResponseDifference one) =>
        new(
            one.Component,
            one.Probe,
            new EstimateData(one.First, one.FirstError),
            new EstimateData(one.Second, one.SecondError),
            new EstimateData(one.Difference.Mean, one.Difference.StandardError),
            one.Difference.HalfWidth(),
            one.Q
        );
}
