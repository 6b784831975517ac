using Curie.Networks.Components;
using Curie.Networks.Regression;
using Curie.Numerics;

namespace Curie.Sampling.Regression;

/// <summary>Everything that defines a measurement of a regression transformer's learning coefficients.</summary>
public sealed record RegressionCoefficientInputs
{
    /// <summary>w* and its task.</summary>
    public required RegressionModel Model { get; init; }

    /// <summary>The components, each sampled by itself.</summary>
    public required IReadOnlyList<Component> Components { get; init; }

    /// <summary>The sampler's settings.</summary>
    public required SamplingOptions Sampling { get; init; }

    /// <summary>Fresh sequences per minibatch. Default 1,024, as published.</summary>
    public int BatchSize { get; init; } = DefaultBatchSize;

    /// <summary>Fixed sequences that give P and L0. Default 1,024.</summary>
    public int LossSequences { get; init; } = DefaultLossSequences;

    /// <summary>The default of <see cref="BatchSize"/>.</summary>
    public const int DefaultBatchSize = 1024;

    /// <summary>The default of <see cref="LossSequences"/>.</summary>
    public const int DefaultLossSequences = 1024;

    /// <summary>Checks what can be checked before any work.</summary>
    /// <exception cref="InputException">A setting is out of range, or there is no component.</exception>
    public void Validate()
    {
        Sampling.Validate();
        if (Components.Count == 0)
        {
            throw new InputException("sampling.components: there is none; name full, heads or another component.");
        }

        if (BatchSize < 1 || LossSequences < 1)
        {
            throw new InputException(
                "sampling: batch_size and loss_rows must be at least 1; the default of both is 1024 for a regression transformer."
            );
        }
    }
}
