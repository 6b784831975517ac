using Curie.Numerics;
using Curie.Sampling.Networks;

namespace Curie.Sampling.Calibration;

/// <summary>What measures a setting that is tried; may be called from several threads at once.</summary>
public interface ISettingMeasurement
{
    /// <summary>Measures every component.</summary>
    /// <param name="options">The setting, chains and draws.</param>
    /// <param name="gaussianPairs">The pairs of draws from the localisation's Gaussian, where responses are measured.</param>
    /// <param name="memory">The bytes that it may take.</param>
    /// <param name="progress">Told the share of the work that is done, from 0 to 1; null where that is not wanted.</param>
    /// <param name="cancellation">Stops between two updates or evaluations.</param>
    /// <exception cref="InputException">The measurement does not fit into the memory, or the loss at w* is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    SettingMeasure Measure(
        SamplingOptions options,
        int gaussianPairs,
        long memory,
        IProgress<double>? progress,
        CancellationToken cancellation
    );

    /// <summary>What that takes.</summary>
    /// <param name="options">The setting, chains and draws.</param>
    /// <param name="gaussianPairs">The pairs of draws from the localisation's Gaussian, where responses are measured.</param>
    /// <param name="memory">The bytes that it may take.</param>
    /// <exception cref="InputException">The measurement does not fit into the memory.</exception>
    SamplingPlan Plan(SamplingOptions options, int gaussianPairs, long memory);
}
