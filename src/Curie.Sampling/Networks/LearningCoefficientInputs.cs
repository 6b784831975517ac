using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Text.Packing;

namespace Curie.Sampling.Networks;

/// <summary>Everything that defines a measurement of learning coefficients.</summary>
public sealed record LearningCoefficientInputs
{
    /// <summary>w*.</summary>
    public required ParameterSet Model { get; init; }

    /// <summary>The rows whose loss defines the posterior.</summary>
    public required TokenRows Data { get; init; }

    /// <summary>Which positions of <see cref="Data"/> count, in minibatches, P and L0. Default null: all.</summary>
    public CountedPositions? CountedPositions { get; init; }

    /// <summary>The components, each sampled by itself.</summary>
    public required IReadOnlyList<Component> Components { get; init; }

    /// <summary>The sampler's settings.</summary>
    public required SamplingOptions Sampling { get; init; }

    /// <summary>Rows per minibatch. Default 16.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>The order of minibatches. Default shuffled.</summary>
    public RowOrder Order { get; init; } = RowOrder.Shuffled;

    /// <summary>The first so many rows of <see cref="Data"/> give P and L0. Default 64; null for all.</summary>
    public int? LossRows { get; init; } = 64;

    /// <summary>
    /// The model from whose distribution the loss is the divergence: coefficients of the function that it computes. Default null, the loss
    /// of the next token.
    /// </summary>
    public CoefficientTarget? Target { get; init; }

    /// <summary>
    /// Estimates as the published language-model curves do (<see cref="Sampling.ZeroFilledInitLoss"/>), to be compared with them. Default
    /// no.
    /// </summary>
    public bool ZeroFilledInitLoss { get; init; }

    /// <summary>The bytes that the whole measurement may take. Default 4 GiB.</summary>
    public long Memory { get; init; } = 4L << 30;

    /// <summary>The number of loss rows: as asked for, or all there are.</summary>
    public int LossRowCount => Math.Min(LossRows ?? Data.Count, Data.Count);

    /// <summary>Checks what can be checked before any work.</summary>
    /// <exception cref="InputException">A setting is out of range, or there is no component.</exception>
    public void Validate()
    {
        Sampling.Validate();
        if (Components.Count == 0)
        {
            throw new InputException("sampling.components: there is none; name full, heads or another component.");
        }

        if (BatchSize < 1 || LossRows < 1)
        {
            throw new InputException("sampling: batch_size and loss_rows must be at least 1; the defaults are 16 and 64.");
        }

        CountedChecks.Check(CountedPositions, Data, LossRowCount);
        if (
            Target?.Model.Layout.Config is { } other
            && Model.Layout.Config is { } own
            && (other.Vocabulary != own.Vocabulary || other.Logits != own.Logits || other.ContextLength < own.ContextLength)
        )
        {
            throw new InputException(
                $"the model to compare with has {Counted.Of(other.Vocabulary, "token")}, {Counted.Of(other.Logits, "output")} and a "
                    + $"context of {other.ContextLength}, the sampled one {own.Vocabulary}, {own.Logits} and {own.ContextLength}; give "
                    + "one of the same tokenizer and at least the same context."
            );
        }
    }
}
