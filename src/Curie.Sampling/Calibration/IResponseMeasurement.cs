using Curie.Numerics;

namespace Curie.Sampling.Calibration;

/// <summary>
/// What measures the response at a setting that is tried: of the response itself a calibration knows no more than its errors and its
/// verdicts.
/// </summary>
public interface IResponseMeasurement
{
    /// <summary>Measures the response of every component with coupled chains; may be called from several threads at once.</summary>
    /// <param name="options">The setting.</param>
    /// <param name="memory">The bytes that it may take.</param>
    /// <param name="cancellation">Stops between two updates or evaluations.</param>
    /// <returns>One for each component, in order.</returns>
    /// <exception cref="InputException">The measurement does not fit into the memory.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    IReadOnlyList<ComponentResponse> Measure(SamplingOptions options, long memory, CancellationToken cancellation);
}
