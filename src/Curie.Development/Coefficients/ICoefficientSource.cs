using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;

namespace Curie.Development.Coefficients;

/// <summary>
/// Measures the learning coefficients of a model in training, one checkpoint on one data set at a time. All that a study knows of the
/// model: any model whose components can be sampled may stand behind it.
/// </summary>
public interface ICoefficientSource
{
    /// <summary>The checkpoints, in ascending order of steps.</summary>
    IReadOnlyList<Checkpoint> Checkpoints { get; }

    /// <summary>The names of the data sets, each of which refines the coefficients; each name is part of file names.</summary>
    IReadOnlyList<string> Data { get; }

    /// <summary>A digest of everything that decides the numbers of one measurement: settings, weights, data.</summary>
    string Digest(int checkpoint, int data);

    /// <summary>The coefficients of all components, always in the same order.</summary>
    /// <exception cref="Numerics.InputException">The checkpoint cannot be read or does not fit.</exception>
    /// <exception cref="OperationCanceledException">The measurement was stopped.</exception>
    IReadOnlyList<ComponentCoefficient> Measure(
        int checkpoint,
        int data,
        IProgress<SamplingProgress>? progress,
        CancellationToken cancellation
    );
}
