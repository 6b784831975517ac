using Curie.Numerics.Statistics;

namespace Curie.Response.Comparison;

/// <summary>How much one figure of a component differs between two runs.</summary>
/// <param name="Component">The component of the first run.</param>
/// <param name="Partner">That of the second.</param>
/// <param name="Probe">The probe over whose tokens a part of the response was averaged; null for λ̂.</param>
/// <param name="First">The figure of the first run, nats² (of the excess nats; λ̂ has no unit).</param>
/// <param name="FirstError">Its standard error.</param>
/// <param name="Second">The figure of the second run.</param>
/// <param name="SecondError">Its standard error.</param>
/// <param name="Difference">The second less the first, with its standard error.</param>
/// <param name="P">Two-sided, by Welch's t.</param>
/// <param name="Q"><paramref name="P"/> adjusted for all differences of the comparison (Benjamini and Hochberg 1995).</param>
public sealed record ResponseDifference(
    string Component,
    string Partner,
    string? Probe,
    double First,
    double FirstError,
    double Second,
    double SecondError,
    MeanEstimate Difference,
    double P,
    double Q
);
