using System.Diagnostics;
using Curie.Networks.Components;
using Curie.Networks.Restricted;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Chains;
using Curie.Sampling.Diagnostics;
using Curie.Sampling.Shards;

namespace Curie.Sampling.Networks;

/// <summary>
/// Measures the local learning coefficients of a network's components (weight-refined coefficients: Wang et al., arXiv 2410.02984):
/// every component is sampled with all other parameters frozen at w*.
/// </summary>
public sealed class LearningCoefficientExperiment
{
    private readonly CoefficientInputs _inputs;
    private readonly Machine _machine;

    /// <summary>The kind of study that shards' files name.</summary>
    public const string StudyName = "llc";

    /// <summary>The entry, with the shard's number, that says that the loss at w* is not finite, and what it is.</summary>
    private const string Diverged = "diverged.";

    private readonly IReadOnlyList<ShardPart> _parts;

    /// <summary>Prepares a measurement.</summary>
    /// <param name="inputs">What defines it.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <param name="parts">What is sampled here, of a shard; null for everything. Empty for a merge, which samples nothing.</param>
    /// <exception cref="InputException">A setting is out of range, or the measurement does not fit into the memory allowed.</exception>
    public LearningCoefficientExperiment(CoefficientInputs inputs, Machine machine, IReadOnlyList<ShardPart>? parts = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        inputs.Validate();
        _inputs = inputs;
        _machine = machine;
        _parts = parts ?? inputs.Whole;
        Plan = inputs.Plan(machine, _parts);
    }

    /// <summary>The number of components.</summary>
    public int Components => _inputs.Components.Count;

    /// <summary>
    /// The predicted tokens, or the sequences of a regression transformer, that are evaluated here: forward passes at draws, and three
    /// times
    /// those of gradient steps.
    /// </summary>
    public long Evaluations
    {
        get
        {
            long rows = ((long)_inputs.LossRowCount * _inputs.Sampling.Draws) + (3L * _inputs.BatchSize * _inputs.Sampling.UpdatesPerChain);
            return rows * _inputs.EvaluationsPerRow * _parts.Sum(part => (long)part.Components.Count * part.Chains.Count);
        }
    }

    /// <summary>
    /// Which components are sampled together, and what the measurement costs; null for a regression transformer, whose components are
    /// sampled one by one.
    /// </summary>
    public SamplingPlan? Plan { get; }

    /// <summary>
    /// How long the measurement takes, by a trial of some tenths of a second for each kind of component; null where there is no plan.
    /// </summary>
    public PlanTrial? Trial() => Plan is null ? null : _inputs.Trial(Plan, _machine);

    /// <summary>Samples the components, those of a group in lockstep.</summary>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="cancellation">Stops between two updates or two evaluations.</param>
    /// <returns>One coefficient for each component, in order.</returns>
    /// <exception cref="InputException">The loss at w* is not finite.</exception>
    /// <exception cref="OperationCanceledException">The measurement was stopped.</exception>
    public IReadOnlyList<ComponentCoefficient> Run(IProgress<SamplingProgress>? progress, CancellationToken cancellation)
    {
        Dictionary<string, CoefficientShare> measured = [];
        Sample(null, progress, (share, _) => measured[share.Report.Component] = share, cancellation);
        return [.. _inputs.Components.Select(component => Estimate([measured[component.Name]]))];
    }

    /// <summary>Cuts the measurement into shards that take about equally long.</summary>
    /// <param name="shards">How many are wanted, at least 1; there may be fewer.</param>
    /// <param name="runs">How many times it is done, on models of the same architecture.</param>
    public IReadOnlyList<Shard> Cut(int shards, int runs = 1)
    {
        IReadOnlyList<IReadOnlyList<Component>> groups = Plan is null
            ? [.. _inputs.Components.Select(component => (IReadOnlyList<Component>)[component])]
            : RestrictedGroups.Partition(_inputs.Model.Layout, _inputs.Components);
        return ShardCut.Make(runs, groups, _inputs.Sampling, shards, part =>
            PlanOf([part])?.Operations ?? (double)part.Components.Count * part.Chains.Count
        );
    }

    /// <summary>What some parts of the measurement take; null where that is not known.</summary>
    /// <exception cref="InputException">They need more memory than is allowed.</exception>
    public SamplingPlan? PlanOf(IReadOnlyList<ShardPart> parts) => _inputs.Plan(_machine, parts);

    /// <summary>Samples what a shard holds, or continues it, into one file.</summary>
    /// <param name="header">What the file says of itself.</param>
    /// <param name="path">The file.</param>
    /// <param name="states">Where it is saved on the way.</param>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="cancellation">Stops between two updates or evaluations.</param>
    /// <exception cref="InputException">The folder's states are another's, the loss at w* is not finite, or a file cannot be
    /// written.</exception>
    /// <exception cref="OperationCanceledException">The shard was stopped; what was saved last stays.</exception>
    public void RunShard(
        ShardHeader header,
        string path,
        SavedStates states,
        IProgress<SamplingProgress>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(states);
        ArgumentNullException.ThrowIfNull(header);
        Dictionary<string, CoefficientShare> measured = [];
        try
        {
            Sample(states, progress, (share, entry) => measured[entry] = share, cancellation);
        }
        catch (InitialLossException diverged)
        {
            byte[] loss = BitConverter.GetBytes(diverged.Loss);
            ShardFile.Write(path, header, [($"{Diverged}{header.Index}", stream => stream.Write(loss))]);
            return;
        }

        ShardFile.Write(path, header, measured.Select(pair => (pair.Key, (Action<Stream>)pair.Value.Write)));
    }

    /// <summary>What is said of a checkpoint whose loss is not finite: no coefficient, and why.</summary>
    /// <param name="loss">The loss.</param>
    public IReadOnlyList<ComponentCoefficient> OfDiverged(double loss) =>
        [.. _inputs.Components.Select(component => ComponentCoefficient.OfDiverged(component, _inputs.Sampling, loss))];

    /// <summary>Merges the shards of a measurement, chain by chain in their order: the coefficients have the same bits.</summary>
    /// <param name="shards">The files of all shards.</param>
    /// <param name="fingerprint">The fingerprint of the cut measurement.</param>
    /// <param name="count">The number of shards.</param>
    /// <returns>One coefficient for each component, in order.</returns>
    /// <exception cref="InputException">A shard is missing, there twice, damaged or another's, or chains of a component are
    /// missing.</exception>
    public IReadOnlyList<ComponentCoefficient> Merge(IReadOnlyList<string> shards, string fingerprint, int count)
    {
        ShardSet set = new(shards, StudyName, fingerprint, count);
        SamplingOptions options = _inputs.Sampling;
        if (set.Holds($"{Diverged}0"))
        {
            return OfDiverged(set.Read($"{Diverged}0", stream => new BinaryReader(stream).ReadDouble()));
        }

        return
        [
            .. _inputs.Components.Select(component =>
                Estimate([
                    .. set.RangesOf(component, options)
                        .Select(range =>
                            set.Read(ShardNames.Entry(component, range), stream =>
                                CoefficientShare.Read(stream, options, _inputs.LossRowCount)
                            )
                        ),
                ])
            ),
        ];
    }

    /// <summary>Samples the parts.</summary>
    /// <param name="states">Where they are saved; null for nowhere.</param>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="finished">Given every share and its name, group by group.</param>
    /// <param name="cancellation">Stops between two updates or evaluations.</param>
    private void Sample(
        SavedStates? states,
        IProgress<SamplingProgress>? progress,
        Action<CoefficientShare, string> finished,
        CancellationToken cancellation
    )
    {
        foreach (CoefficientGroup group in _inputs.Groups(Plan, _parts, _machine, IsWanted))
        {
            foreach (CoefficientShare share in Measure(group, states, progress, cancellation))
            {
                finished(share, ShardNames.Entry(share.Report.Component, share.Report.Range));
            }
        }

        bool IsWanted(Component component, ChainRange range)
        {
            if (
                states
                    ?.FileOf(component, range, _inputs.Sampling)
                    .ReadResult(stream => CoefficientShare.Read(stream, _inputs.Sampling, _inputs.LossRowCount))
                is not { } share
            )
            {
                return true;
            }

            finished(share, ShardNames.Entry(component, range));
            return false;
        }
    }

    private List<CoefficientShare> Measure(
        CoefficientGroup group,
        SavedStates? states,
        IProgress<SamplingProgress>? progress,
        CancellationToken cancellation
    )
    {
        double[][] initRows = [.. Enumerable.Range(0, group.Components.Count).Select(group.Observer.InitialRowMeans)];
        SampledComponent[] sampled =
        [
            .. group.Components.Select(
                (component, member) =>
                    new SampledComponent(
                        component.Name,
                        group.Surfaces.Surfaces[member],
                        RowMeanSums.MeanOf(initRows[member]),
                        group.NullLine
                    )
            ),
        ];
        using GroupRun run = new(group.Surfaces, sampled, _inputs.Sampling, _machine, group.Chains);
        StateFile[] files =
        [
            .. group.Components.Select(component => states?.FileOf(component, group.Chains, _inputs.Sampling)).OfType<StateFile>(),
        ];
        for (int member = 0; member < files.Length; member++)
        {
            RowMeanSums sums = group.Observer.Sums(member);
            ComponentRunState? state = files[member]
                .ReadProgress(stream =>
                {
                    ComponentRunState read = ComponentRunState.Read(stream);
                    sums.Read(stream, group.Chains);
                    return read;
                });
            if (state is not null)
            {
                run.Runs[member].Restore(state);
            }
        }

        Stopwatch sinceSave = Stopwatch.StartNew();
        RunControls controls = new()
        {
            Progress = progress,
            Cancellation = cancellation,
            DrawCompleted = _ =>
            {
                if (states is not null && (sinceSave.Elapsed > states.Interval || cancellation.IsCancellationRequested))
                {
                    Save();
                    sinceSave.Restart();
                }
            },
        };
        IReadOnlyList<ComponentReport> reports = ChainRunner.Run(run, group.Observer, controls);
        List<CoefficientShare> shares =
        [
            .. reports.Select((report, member) => new CoefficientShare(report, initRows[member], group.Observer.Sums(member))),
        ];
        for (int member = 0; member < files.Length; member++)
        {
            files[member].SaveResult(shares[member].Write);
        }

        return shares;

        void Save()
        {
            for (int member = 0; member < files.Length; member++)
            {
                int place = member;
                files[member]
                    .SaveProgress(stream =>
                    {
                        run.Runs[place].Save().Write(stream);
                        group.Observer.Sums(place).Write(stream, group.Chains);
                    });
            }
        }
    }

    private ComponentCoefficient Estimate(IReadOnlyList<CoefficientShare> shares)
    {
        CoefficientShare whole = CoefficientShare.Merge(shares);
        ComponentReport report = whole.Report;
        ComponentCoefficient estimate = ComponentCoefficient.Estimate(report, whole.InitialRows, whole.Sums.Means);
        if (!_inputs.ZeroFilledInitLoss || estimate.Coefficient is null)
        {
            return estimate;
        }

        ComponentHealth health = estimate.Health;
        return estimate with
        {
            Coefficient = ZeroFilledInitLoss.Estimate(report.HealthyTrace, report.InitLoss, report.Options.NBeta),
            Health = health with { Verdicts = [.. health.Verdicts, ZeroFilledInitLoss.Warning(report)] },
        };
    }
}
