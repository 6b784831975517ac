using Curie.Networks.Components;
using Curie.Networks.Passes;
using Curie.Networks.Regression;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Chains;
using Curie.Sampling.Shards;

namespace Curie.Sampling.Networks;

/// <summary>
/// Everything that defines a measurement of a regression transformer's learning coefficients. Minibatches are fresh sequences, addressed by
/// (seed, chain, step): chains are independent, and all components see the same ones. The null line is the loss of the predictor ŷ = 0 on
/// the sequences that give P, Σ y²/(sequences·K), whose expectation is D + σ².
/// </summary>
public sealed record RegressionCoefficientInputs : CoefficientInputs
{
    /// <summary>Fresh sequences per minibatch. Default 1,024, as published.</summary>
    public override int BatchSize { get; init; } = DefaultBatchSize;

    /// <summary>Fixed sequences that give P and L0. Default 1,024.</summary>
    public int LossSequences { get; init; } = DefaultLossSequences;

    /// <summary>The default of <see cref="BatchSize"/>.</summary>
    public const int DefaultBatchSize = 1024;

    /// <summary>The default of <see cref="LossSequences"/>.</summary>
    public const int DefaultLossSequences = 1024;

    /// <inheritdoc/>
    public override int LossRowCount => LossSequences;

    /// <summary>A sequence counts as one.</summary>
    internal override int EvaluationsPerRow => 1;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (BatchSize < 1 || LossSequences < 1)
        {
            throw new InputException(
                "sampling: batch_size and loss_rows must be at least 1; the default of both is 1024 for a regression transformer."
            );
        }
    }

    internal override SamplingPlan? Plan(Machine machine, IReadOnlyList<ShardPart> parts) => null;

    internal override IEnumerable<CoefficientGroup> Groups(
        SamplingPlan? plan,
        IReadOnlyList<ShardPart> parts,
        Machine machine,
        Func<Component, ChainRange, bool> isWanted
    )
    {
        RegressionTask task = RegressionTask.Of(Model.Layout.Config);
        using RegressionGenerator generator = new(task, machine.Kernels);
        using TransformerEvaluator evaluator = new(Model.Layout.Config, machine);
        using RegressionBatch sequences = new(task, LossSequences);
        generator.Fill(sequences, RegressionSequences.Loss(Sampling.Seed), 0, RegressionScale.Training, machine.Pool);
        RegressionMinibatches[] minibatches =
        [
            .. Enumerable
                .Range(0, Sampling.Chains)
                .Select(chain => RegressionSequences.Chain(Sampling.ChainSeed, chain))
                .Select(key => new RegressionMinibatches(generator, key, BatchSize, machine.Pool)),
        ];
        try
        {
            foreach (
                (Component component, ChainRange chains) in parts
                    .SelectMany(part => part.Components.Select(component => (component, part.Chains)))
                    .Where(pair => isWanted(pair.component, pair.Chains))
            )
            {
                using BatchSurface surface = new(Model, component, minibatches, evaluator);
                BatchObserver observer = new(surface, sequences, Sampling.Chains);
                yield return new CoefficientGroup(
                    [component],
                    chains,
                    new SeparateSurfaces([surface]),
                    observer,
                    ZeroPredictorLoss(sequences)
                );
            }
        }
        finally
        {
            Array.ForEach(minibatches, stream => stream.Dispose());
        }
    }

    private static double ZeroPredictorLoss(RegressionBatch sequences)
    {
        double sum = 0;
        for (int s = 0; s < sequences.Count; s++)
        {
            foreach (float y in sequences.Targets(s))
            {
                sum += (double)y * y;
            }
        }

        return sum / ((double)sequences.Count * sequences.Examples);
    }
}
