namespace Curie.Page.Data;

/// <summary>What differs between two runs in one part of the response, and in λ̂.</summary>
/// <param name="Conclusion">In sentences.</param>
/// <param name="Discovery">The q below which a difference stands out.</param>
/// <param name="Responses">The mean responses, components in order, probes within them.</param>
/// <param name="Coefficients">λ̂; empty where a run has none.</param>
/// <param name="Correlations">By component, the correlation over tokens; empty where the runs follow different ones.</param>
internal sealed record PartComparisonData(
    IReadOnlyList<string> Conclusion,
    double Discovery,
    IReadOnlyList<DifferenceData> Responses,
    IReadOnlyList<DifferenceData> Coefficients,
    IReadOnlyDictionary<string, double> Correlations
);
