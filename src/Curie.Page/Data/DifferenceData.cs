namespace Curie.Page.Data;

/// <summary>One figure in two runs.</summary>
/// <param name="Component">The component.</param>
/// <param name="Probe">The probe; null of λ̂.</param>
/// <param name="First">In the first run.</param>
/// <param name="Second">In the second.</param>
/// <param name="Difference">The second less the first.</param>
/// <param name="HalfWidth">Half the 95 % interval of the difference.</param>
/// <param name="Q">Its p, corrected for all differences of the part.</param>
internal sealed record DifferenceData(
    string Component,
    string? Probe,
    EstimateData First,
    EstimateData Second,
    EstimateData Difference,
    double HalfWidth,
    double Q
);
