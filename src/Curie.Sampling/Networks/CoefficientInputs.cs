using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Chains;
using Curie.Sampling.Shards;

namespace Curie.Sampling.Networks;

/// <summary>
/// What defines a measurement of learning coefficients, whatever the kind of network: of a model of language
/// (<see cref="LearningCoefficientInputs"/>), or of a regression transformer (<see cref="RegressionCoefficientInputs"/>).
/// </summary>
public abstract record CoefficientInputs
{
    /// <summary>w*.</summary>
    public required ParameterSet Model { get; init; }

    /// <summary>The components, each sampled by itself.</summary>
    public required IReadOnlyList<Component> Components { get; init; }

    /// <summary>The sampler's settings.</summary>
    public required SamplingOptions Sampling { get; init; }

    /// <summary>Rows per minibatch.</summary>
    public abstract int BatchSize { get; init; }

    /// <summary>The number of rows that give P and L0.</summary>
    public abstract int LossRowCount { get; }

    /// <summary>
    /// Estimates as the published language-model curves do (<see cref="Sampling.ZeroFilledInitLoss"/>), to be compared with them. Default
    /// no.
    /// </summary>
    public bool ZeroFilledInitLoss { get; init; }

    /// <summary>What is counted of a row that is evaluated.</summary>
    internal abstract int EvaluationsPerRow { get; }

    /// <summary>Checks what can be checked before any work.</summary>
    /// <exception cref="InputException">A setting is out of range, or there is no component.</exception>
    public virtual void Validate()
    {
        Sampling.Validate();
        if (Components.Count == 0)
        {
            throw new InputException("sampling.components: there is none; name full, heads or another component.");
        }

        long traces = Components.Count * Sampling.TraceBytes;
        if (traces > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
        {
            throw new InputException(
                $"the traces of {Counted.Of(Sampling.Chains, "chain")} of {Counted.Of(Sampling.Draws, "draw")} take "
                    + $"{SamplingPlan.Size(traces)}, more than the memory of this machine; take fewer chains or draws."
            );
        }
    }

    /// <summary>
    /// Which components are sampled together, and what the measurement costs; null where they are sampled one by one, whatever the memory.
    /// </summary>
    /// <exception cref="InputException">The measurement does not fit into the memory allowed.</exception>
    internal abstract SamplingPlan? Plan(Machine machine, IReadOnlyList<ShardPart> parts);

    /// <summary>How long a plan of the measurement takes, as tried; null where nothing is known of it before.</summary>
    internal virtual PlanTrial? Trial(SamplingPlan plan, Machine machine) => null;

    /// <summary>
    /// The components as they are sampled, group by group; each until the next is asked for. Those for which the caller has no use are left
    /// out.
    /// </summary>
    internal abstract IEnumerable<CoefficientGroup> Groups(
        SamplingPlan? plan,
        IReadOnlyList<ShardPart> parts,
        Machine machine,
        Func<Component, ChainRange, bool> isWanted
    );

    /// <summary>Everything: all components and all their chains.</summary>
    internal IReadOnlyList<ShardPart> Whole => [new ShardPart(Components, ChainRange.All(Sampling))];
}
