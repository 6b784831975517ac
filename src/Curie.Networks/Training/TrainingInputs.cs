using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Random;
using Curie.Text.Packing;

namespace Curie.Networks.Training;

/// <summary>What the training of a model of language reads.</summary>
public sealed record TrainingInputs : ITrainingInputs
{
    /// <inheritdoc/>
    public required ParameterSet Initial { get; init; }

    /// <summary>The training rows.</summary>
    public required TokenRows Rows { get; init; }

    /// <summary>How much each prediction of the training rows counts, on average 1; null, the default, for all alike.</summary>
    public LossWeights? TokenWeights { get; init; }

    /// <summary>Held-out rows, or null.</summary>
    public TokenRows? Validation { get; init; }

    /// <summary>How many held-out rows are evaluated at each checkpoint, the first so many. Default 64; fewer if there are fewer.</summary>
    public int ValidationLimit { get; init; } = 64;

    /// <inheritdoc/>
    public string? Tokenizer { get; init; }

    /// <inheritdoc/>
    public required string Fingerprint { get; init; }

    /// <summary>The predicted tokens of a row.</summary>
    public int ProgressPerRow => Rows.ContextLength - 1;

    /// <inheritdoc/>
    public IMinibatches Minibatches(TrainingOptions options, Machine machine) => Minibatches(Rows, options, TokenWeights);

    /// <inheritdoc/>
    public IBatch? HeldOut(TrainingOptions options, Machine machine)
    {
        if (Validation is null)
        {
            return null;
        }

        TokenBatch batch = new();
        batch.Fill(Validation, [.. Enumerable.Range(0, Math.Min(ValidationLimit, Validation.Count))]);
        return batch;
    }

    /// <summary>The minibatches of rows that a run sees.</summary>
    internal static TokenMinibatches Minibatches(TokenRows rows, TrainingOptions options, LossWeights? weights = null)
    {
        PhiloxKey key = PhiloxKey.Derive(options.Seed, RandomPurpose.TrainingOrder);
        return new TokenMinibatches(rows, new MinibatchOrder(rows.Count, options.Order, key), options.BatchSize, weights);
    }
}
