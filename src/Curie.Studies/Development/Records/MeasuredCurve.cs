using Curie.Development.Stages;

namespace Curie.Studies.Development.Records;

/// <summary>What was measured of a curve, by checkpoint.</summary>
/// <param name="Step">The updates made.</param>
/// <param name="Value">λ̂.</param>
/// <param name="Se">Its standard error over draws and rows; null where none is known.</param>
/// <param name="SamplingSe">The part that is independent between checkpoints; null where none is known.</param>
/// <param name="Loss">The loss, nats; null where none is known.</param>
/// <param name="Health">The health of each measurement.</param>
public sealed record MeasuredCurve(
    IReadOnlyList<double> Step,
    IReadOnlyList<double> Value,
    IReadOnlyList<double>? Se,
    IReadOnlyList<double>? SamplingSe,
    IReadOnlyList<double>? Loss,
    IReadOnlyList<string> Health
)
{
    internal static MeasuredCurve Of(ComponentCurve source) =>
        new(
            source.Coefficient.Steps,
            source.Coefficient.Values,
            source.TotalErrors,
            source.Coefficient.StandardErrors,
            source.Loss?.Values,
            source.Health
        );
}
