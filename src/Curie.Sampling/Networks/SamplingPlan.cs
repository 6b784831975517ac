using System.Globalization;
using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics;
using Curie.Sampling.Shards;

namespace Curie.Sampling.Networks;

/// <summary>
/// Which components are sampled together, and how much is kept from draw to draw, so that a run stays within a limit of memory. The
/// results have the same bits whatever the plan.
/// </summary>
/// <remarks>
/// Components that can share a minibatch do so as many at a time as fit, in parts of nearly equal size. What is left then goes to frozen
/// activations. With C
/// components in lockstep, S chains in units of m (2 where they are paired), U updates, D draws, B rows a minibatch and R rows at a draw,
/// the operations of chains
/// that go alone are
/// <code>
/// (S/m)·U·B·(n_ctx − 1)·(shared + C·m·each)   and   D·R·(n_ctx − 1)·(shared + C·S·each)
/// </code>
/// with the coefficients of <see cref="GroupCost"/>: linear in updates, draws, units and rows, and but for what is shared in components.
/// Companions add points to each
/// call, K rows of an observable, and evaluations, on fewer rows where they are shadows (<see cref="ChainCompany"/>); what chain 0 has for
/// its first draws is not counted.
/// </remarks>
public sealed class SamplingPlan
{
    /// <summary>What the runtime, its code and its small objects take.</summary>
    private const long RuntimeBytes = 160L << 20;

    /// <summary>
    /// Frozen activations are given at most this share of what is left, since allocators and the garbage collector need room as well.
    /// </summary>
    private const double FrozenShare = 0.8;

    private SamplingPlan(IReadOnlyList<PlannedGroup> groups, long bytesThroughout, long limit)
    {
        Groups = groups;
        BytesThroughout = bytesThroughout;
        Limit = limit;
    }

    /// <summary>The groups, in the order in which they are sampled.</summary>
    public IReadOnlyList<PlannedGroup> Groups { get; }

    /// <summary>The bytes that are held from beginning to end.</summary>
    public long BytesThroughout { get; }

    /// <summary>The limit that was planned for.</summary>
    public long Limit { get; }

    /// <summary>The most that is held at any time, without frozen activations.</summary>
    public long Bytes => BytesThroughout + Groups.Max(group => group.Bytes);

    /// <summary>The most that may be held at any time.</summary>
    public long PeakBytes => BytesThroughout + Groups.Max(group => group.Bytes + group.FrozenMemory);

    /// <summary>How many times faster everything is sampled with so many threads, if nothing but its items limits them.</summary>
    public double Speedup(int threads) => Operations / Groups.Sum(group => group.Operations / group.Speedup(threads));

    /// <summary>Floating-point operations of all updates and draws.</summary>
    public double Operations => UpdateOperations + DrawOperations;

    /// <summary>Floating-point operations of all updates.</summary>
    public double UpdateOperations => Groups.Sum(group => group.UpdateOperations);

    /// <summary>Floating-point operations of all draws, where nothing is kept from one to the next.</summary>
    public double DrawOperations => Groups.Sum(group => group.DrawOperations);

    /// <summary>Plans a run.</summary>
    /// <param name="work">The run.</param>
    /// <param name="memory">The limit in bytes.</param>
    /// <exception cref="InputException">Even one component at a time needs more memory.</exception>
    public static SamplingPlan Make(SamplingWork work, long memory)
    {
        ArgumentNullException.ThrowIfNull(work);
        long throughout =
            BytesOf(work.Layout, work.Workers, work.RowLength)
            + TargetBytes(work)
            + (work.Components.Count * work.Sampling.TraceBytes)
            + work.BytesThroughout;
        List<PlannedGroup> groups = [];
        foreach (ShardPart part in work.Parts)
        {
            part.Chains.Validate(work.Sampling);
            AddGroups(groups, work with { Sampling = part.Chains.Of(work.Sampling) }, part, throughout, memory);
        }

        return new SamplingPlan(groups, throughout, memory);
    }

    /// <summary>Plans one part; the settings are those of its chains alone.</summary>
    private static void AddGroups(List<PlannedGroup> groups, SamplingWork work, ShardPart part, long throughout, long memory)
    {
        foreach (IReadOnlyList<Component> together in RestrictedGroups.Partition(work.Layout, part.Components))
        {
            ChainCompany company = work.Company(together[0]);
            GroupCost cost = GroupCost.Of(
                work.Layout,
                together[0],
                company.LossSlots(work.Sampling),
                work.Workers,
                work.Target?.Config,
                company.GradientSlots(work.Sampling),
                work.RowLength
            );
            int most = together.Count;
            while (most > 1 && throughout + GroupBytes(work, company, cost, together[0], most) > memory)
            {
                most--;
            }

            int turns = (together.Count + most - 1) / most;
            for (int turn = 0; turn < turns; turn++)
            {
                Component[] members = [.. together.Where((_, place) => place * turns / together.Count == turn)];
                long bytes = GroupBytes(work, company, cost, members[0], members.Length);
                long left = memory - throughout - bytes;
                if (left < 0)
                {
                    throw new InputException(
                        $"sampling {members[0].Name} needs about {Size(throughout + bytes)}, more than the {Size(memory)} allowed; raise "
                            + "`memory`, or take fewer chains or draws, or follow fewer tokens."
                    );
                }

                long useful =
                    (cost.FrozenShared + (members.Length * cost.FrozenEach))
                    * (work.RowLength - 1)
                    * work.Evaluated.Sum(rows => (long)rows.Rows);
                groups.Add(
                    new PlannedGroup(
                        members,
                        part.Chains,
                        FrozenMemory(useful, left),
                        Updates(work, company, cost, members.Length),
                        Draws(work, part.Chains.First == 0, company, cost, members.Length),
                        bytes
                    )
                    {
                        WeightUpdates = WeightUpdates(work, company, members),
                        Slots = company.LossSlots(work.Sampling),
                        GradientSlots = company.GradientSlots(work.Sampling),
                        FrozenShare = useful > 0 ? (double)FrozenMemory(useful, left) / useful : 0,
                        Parallelism = new GroupParallelism(
                            Math.Min(work.BatchSize, TransformerEvaluator.MaxShards),
                            cost.Slots == 1 ? 1 : members.Length,
                            [.. work.Evaluated.Select(rows => Math.Max(1, rows.Rows))]
                        ),
                    }
                );
            }
        }
    }

    /// <summary>Bytes in words, such as 3.2 GB.</summary>
    public static string Size(long bytes) =>
        bytes >= 1L << 30
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GB")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(bytes / (double)(1L << 20))} MB");

    /// <summary>The bytes that any run of a model takes: the runtime, and the model with what every worker needs for a row.</summary>
    /// <param name="layout">The model.</param>
    /// <param name="workers">The threads.</param>
    /// <param name="rowLength">The tokens of the longest row.</param>
    public static long BytesOf(ParameterLayout layout, int workers, int rowLength)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return RuntimeBytes + ModelBytes(layout, workers, rowLength);
    }

    /// <summary>The bytes that frozen activations may take.</summary>
    /// <param name="useful">The most that they could use.</param>
    /// <param name="left">What everything else leaves.</param>
    public static long FrozenMemory(long useful, long left) => Math.Min(useful, (long)(FrozenShare * left));

    /// <summary>A model, its packed weights, and every worker's activations of one row forward and backward.</summary>
    private static long ModelBytes(ParameterLayout layout, int workers, int rowLength)
    {
        TransformerConfig config = layout.Config;
        long projections = 2L * (config.AttentionWidth + config.KeyWidth);
        long perPosition =
            (config.Layers * BlockFloats(config, projections))
            + ((config.Layers + 4L) * config.ModelWidth)
            + projections
            + (config.GatedMlp || config.MlpNorm ? 2L * config.MlpWidth : config.MlpWidth)
            + (config.Parallel ? config.ModelWidth : 0);
        long scratch = (1L << 20) + (64L * config.Logits);
        return sizeof(float) * ((3L * layout.Length) + (workers * ((perPosition * (rowLength - 1)) + scratch)));
    }

    /// <summary>
    /// What a block keeps of a position: norms and residual stream, queries, keys, values and mixed values, and what the MLP makes of its
    /// input, its gate where it has one, and what it reads again of either.
    /// </summary>
    private static long BlockFloats(TransformerConfig config, long projections)
    {
        long attention = projections + (config.QueryKeyNorm ? config.AttentionWidth + config.KeyWidth : 0);
        long hidden = 2 + (config.GatedMlp ? 1 : 0) + (config.GatedMlp || config.MlpNorm ? 1 : 0);
        return (2L * config.ModelWidth) + attention + (config.AttentionOnly ? 0 : (2L * config.ModelWidth) + (hidden * config.MlpWidth));
    }

    /// <summary>The frozen model, and its distributions at one row of every worker.</summary>
    private static long TargetBytes(SamplingWork work) =>
        work.Target is { } target
            ? ModelBytes(target, work.Workers, work.RowLength)
                + (sizeof(float) * (long)work.Workers * (work.RowLength - 1) * target.Config.Logits)
            : 0;

    private static long GroupBytes(SamplingWork work, ChainCompany company, GroupCost cost, Component component, int members)
    {
        int chains = work.Sampling.Chains;
        int together = members * cost.Slots;
        long vectors = (chains * (1L + company.Companions)) + 3 + (work.Sampling.ChainsPerUnit * 2L * company.Companions);
        long chainBytes = (vectors * component.Restriction.Dimension * sizeof(float)) + company.Bytes;
        return cost.BytesShared + (members * (cost.BytesEach + chainBytes + work.BytesPerComponent)) + (together * work.BytesPerEvaluation);
    }

    private static double WeightUpdates(SamplingWork work, ChainCompany company, IReadOnlyList<Component> members)
    {
        SamplingOptions sampling = SamplingOf(work, company);
        return (double)sampling.Chains
            * (1 + company.Companions)
            * sampling.UpdatesPerChain
            * members.Sum(member => (double)member.Restriction.Dimension);
    }

    private static SamplingOptions SamplingOf(SamplingWork work, ChainCompany company) =>
        work.Sampling with
        {
            Draws = work.Sampling.Draws * company.DrawFactor,
        };

    /// <summary>
    /// One call for a pair of chains and their companions shares what is frozen: B rows at the chains and those companions that feel the
    /// loss, K rows at those that
    /// are perturbed.
    /// </summary>
    private static double Updates(SamplingWork work, ChainCompany company, GroupCost cost, int members)
    {
        SamplingOptions sampling = SamplingOf(work, company);
        double shared = cost.Slots == 1 ? sampling.ChainsPerUnit * (1 + company.LossGradients) : 1;
        double sharedObservable =
            company.ObservableGradients == 0 ? 0
            : cost.Slots == 1 ? sampling.ChainsPerUnit * company.ObservableGradients
            : 1;
        double each = (double)members * sampling.ChainsPerUnit * cost.GradientEach;
        double rows =
            (work.BatchSize * ((shared * cost.GradientShared) + (each * (1 + company.LossGradients))))
            + (company.ObservableRows * ((sharedObservable * cost.GradientShared) + (each * company.ObservableGradients)));
        return (double)sampling.Units * sampling.UpdatesPerChain * (work.RowLength - 1) * rows;
    }

    private static double Draws(SamplingWork work, bool hasFirstChain, ChainCompany company, GroupCost cost, int members)
    {
        double draws = (double)work.Sampling.Draws * company.DrawFactor;
        double rows = work.Evaluated.Sum(evaluated => (double)evaluated.Rows);
        double companionRows = work.Evaluated.Sum(evaluated => evaluated.CompanionRows);
        double perChain = work.Sampling.Chains * (rows + (company.Evaluations * companionRows));
        double independent = hasFirstChain ? company.IndependentEvaluations : 0;
        double each = members * cost.LossEach * ((draws * perChain) + (independent * rows));
        return (work.RowLength - 1) * ((draws * rows * cost.LossShared) + each);
    }
}
