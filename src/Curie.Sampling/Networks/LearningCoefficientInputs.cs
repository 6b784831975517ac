using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Chains;
using Curie.Sampling.Shards;
using Curie.Text.Packing;

namespace Curie.Sampling.Networks;

/// <summary>Everything that defines a measurement of a language model's learning coefficients.</summary>
public sealed record LearningCoefficientInputs : CoefficientInputs
{
    /// <summary>The rows whose loss defines the posterior.</summary>
    public required TokenRows Data { get; init; }

    /// <summary>Which positions of <see cref="Data"/> count, in minibatches, P and L0. Default null: all.</summary>
    public CountedPositions? CountedPositions { get; init; }

    /// <summary>Rows per minibatch. Default 16.</summary>
    public override int BatchSize { get; init; } = 16;

    /// <summary>The order of minibatches. Default shuffled.</summary>
    public RowOrder Order { get; init; } = RowOrder.Shuffled;

    /// <summary>So many rows of <see cref="Data"/> give P and L0. Default 64; null for all.</summary>
    public int? LossRows { get; init; } = 64;

    /// <summary>Which. Default the first.</summary>
    public RowChoice LossRowsChoice { get; init; }

    /// <summary>
    /// The model from whose distribution the loss is the divergence: coefficients of the function that it computes. Default null, the loss
    /// of the next token.
    /// </summary>
    public CoefficientTarget? Target { get; init; }

    /// <summary>The bytes that the whole measurement may take. Default 4 GiB.</summary>
    public long Memory { get; init; } = 4L << 30;

    /// <summary>The number of loss rows: as asked for, or all there are.</summary>
    public override int LossRowCount => Math.Min(LossRows ?? Data.Count, Data.Count);

    /// <summary>The rows of <see cref="Data"/> that give P and L0, ascending.</summary>
    public int[] LossRowIndices => ChosenRows.Of(LossRowsChoice, Data.Count, LossRows, ChosenRows.LossRows);

    /// <summary>The predicted tokens of a row.</summary>
    internal override int EvaluationsPerRow => Data.ContextLength - 1;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (BatchSize < 1 || LossRows < 1)
        {
            throw new InputException("sampling: batch_size and loss_rows must be at least 1; the defaults are 16 and 64.");
        }

        CountedChecks.Check(CountedPositions, Data, LossRowIndices);
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

    internal override SamplingPlan Plan(Machine machine, IReadOnlyList<ShardPart> parts) =>
        SamplingPlan.Make(
            new SamplingWork
            {
                Layout = Model.Layout,
                RowLength = Data.ContextLength,
                Components = Components,
                Parts = parts,
                Sampling = Sampling,
                BatchSize = BatchSize,
                Workers = machine.Pool.Workers,
                Target = Target?.Model.Layout,
                Evaluated = [new EvaluatedRows(LossRowCount, (long)LossRowCount * (Data.ContextLength - 1))],
                BytesThroughout = Data.MemoryBytes + (CountedPositions?.MemoryBytes ?? 0),
            },
            Memory
        );

    internal override PlanTrial Trial(SamplingPlan plan, Machine machine) =>
        PlanTrial.Measure(plan, Model, Data, LossRowIndices, BatchSize, machine, Target);

    internal override IEnumerable<CoefficientGroup> Groups(
        SamplingPlan? plan,
        IReadOnlyList<ShardPart> parts,
        Machine machine,
        Func<Component, ChainRange, bool> isWanted
    )
    {
        using DivergenceTarget? target = Target?.Create(machine);
        using TransformerEvaluator evaluator = new(Model.Layout.Config, machine, target);
        using FrozenNetwork network = new(Model, evaluator);
        int[] lossRows = LossRowIndices;
        foreach (PlannedGroup planned in plan!.Groups)
        {
            Component[] wanted = [.. planned.Components.Where(component => isWanted(component, planned.Chains))];
            if (wanted.Length == 0)
            {
                continue;
            }

            using IRestrictedGroup group = RestrictedGroups.Create(network, wanted, planned.Chains.Count);
            using IFrozenRows rows = group.Freeze(Data, lossRows, CountedPositions?.Slots(lossRows), planned.FrozenMemory);
            rows.UseSpareMemory(planned.FrozenMemory - rows.FrozenBytes);
            LearningCoefficientObserver observer = new(group, rows, lossRows.Length, Sampling.Chains, CountedPositions?.Shares(lossRows));
            using NetworkSurfaces surfaces = new(group, Data, Order, BatchSize, Sampling.Chains, Sampling.ChainSeed)
            {
                Weights = CountedPositions?.Weights([.. Enumerable.Range(0, Data.Count)]),
            };
            double nullLine = evaluator.UniformLoss(Data, lossRows, CountedPositions);
            yield return new CoefficientGroup(group.Components, planned.Chains, surfaces, observer, nullLine);
        }
    }
}
