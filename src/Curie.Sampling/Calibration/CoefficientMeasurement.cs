using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;

namespace Curie.Sampling.Calibration;

/// <summary>Learning coefficients alone, from single chains, as <see cref="LearningCoefficientExperiment"/> measures them.</summary>
/// <param name="inputs">The model, the data, the components and what is not tried.</param>
/// <param name="kernels">The arithmetic.</param>
public sealed class CoefficientMeasurement(LearningCoefficientInputs inputs, Kernels kernels) : ISettingMeasurement
{
    /// <inheritdoc/>
    public SettingMeasure Measure(
        SamplingOptions options,
        int gaussianPairs,
        long memory,
        IProgress<double>? progress,
        CancellationToken cancellation
    )
    {
        using Machine machine = new(kernels, threads: 1);
        LearningCoefficientExperiment experiment = new(inputs with { Sampling = options, Memory = memory }, machine);
        return new SettingMeasure(experiment.Run(SettingProgress.Of(progress, inputs.Components), cancellation), []);
    }

    /// <inheritdoc/>
    public SamplingPlan Plan(SamplingOptions options, int gaussianPairs, long memory)
    {
        using Machine machine = new(kernels, threads: 1);
        return new LearningCoefficientExperiment(inputs with { Sampling = options, Memory = memory }, machine).Plan!;
    }
}
