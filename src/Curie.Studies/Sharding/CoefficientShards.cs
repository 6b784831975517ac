using System.Text.Json;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;
using Curie.Sampling.Shards;
using Curie.Studies.Coefficients;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;
using Curie.Studies.Progress;

namespace Curie.Studies.Sharding;

/// <summary>Learning coefficients in shards, of checkpoints on data sets, into one table.</summary>
public sealed class CoefficientShards : ShardedStudy
{
    /// <summary>The kind of study.</summary>
    public const string StudyName = LearningCoefficientExperiment.StudyName;

    private readonly ExperimentConfiguration _configuration;
    private readonly CheckpointCoefficientStudy _study;

    /// <summary>Reads what the configuration names.</summary>
    /// <param name="configuration">The checkpoints, the data sets, and how they are sampled.</param>
    /// <param name="options">Threads and memory of a shard.</param>
    /// <exception cref="InputException">An input is missing or does not fit.</exception>
    public CoefficientShards(ExperimentConfiguration configuration, StudyOptions options)
        : base(options, configuration.Threads)
    {
        _configuration = configuration.WithFullPaths();
        _study = new CheckpointCoefficientStudy(_configuration, options);
    }

    /// <inheritdoc/>
    public override string Kind => StudyName;

    /// <inheritdoc/>
    public override JsonElement Configuration => JsonSerializer.SerializeToElement(_configuration.ToStudyJson());

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedUnit> Units =>
        [.. Enumerable.Range(0, _study.Count).Select(unit => new PlannedUnit(_study.Study.NameOf(unit), FingerprintOf(unit)))];

    /// <inheritdoc/>
    public override IEnumerable<string> ResultFiles => _study.Study.Files;

    /// <inheritdoc/>
    public override long MergeBytes => _study.Source.Experiment(0, 0, _ => []).PlanOf([])?.BytesThroughout ?? 1L << 30;

    /// <inheritdoc/>
    public override SamplingPlan? PlanOfUnit() => _study.Plan;

    /// <inheritdoc/>
    public override PlanTrial? TrialOfUnit(Machine machine) => _study.Trial(machine);

    /// <summary>The study of a plan.</summary>
    internal static CoefficientShards Of(ShardPlan plan, StudyOptions options) =>
        new(ExperimentConfiguration.Of(plan.Configuration, ShardPlan.FileName, severalModels: true), options);

    /// <inheritdoc/>
    private protected override IReadOnlyList<PlannedShard> Cut(int shards)
    {
        LearningCoefficientExperiment experiment = _study.Source.Experiment(0, 0, _ => []);
        return
        [
            .. experiment
                .Cut(shards, _study.Count)
                .Select(shard => new PlannedShard(
                    [.. shard.Runs.Select(run => PlannedWork.Of(run.Key, run.Value))],
                    experiment.PlanOf([]) is null ? 0 : shard.Cost,
                    shard.Runs.Values.Max(parts => experiment.PlanOf(parts)?.PeakBytes ?? 1L << 30)
                )),
        ];
    }

    /// <inheritdoc/>
    internal override void Run(
        ShardPlan plan,
        int shard,
        PlannedWork work,
        string path,
        SavedStates states,
        IProgress<StudyProgress>? progress,
        CancellationToken cancellation
    )
    {
        LearningCoefficientExperiment experiment = _study.Source.Experiment(
            work.Unit / _study.Data.Count,
            work.Unit % _study.Data.Count,
            work.PartsOf
        );
        WorkCounter counter = new(progress, "sampling", _study.Unit, experiment.Plan is null ? experiment.Evaluations : 0);
        IProgress<SamplingProgress> follower = SequenceFollower.Of(
            counter,
            experiment.Plan,
            "",
            experiment.Evaluations,
            work.Parts.Sum(part => part.Components.Count)
        );
        experiment.RunShard(plan.HeaderOf(shard, work.Unit), path, states, follower, cancellation);
    }

    /// <inheritdoc/>
    internal override void Merge(
        ShardPlan plan,
        OutputFolder folder,
        Func<int, IReadOnlyList<string>> filesOf,
        IProgress<StudyProgress>? progress,
        CancellationToken cancellation
    )
    {
        WorkCounter counter = new(progress, "merging", "measurements", _study.Count);
        for (int unit = 0; unit < _study.Count; unit++)
        {
            cancellation.ThrowIfCancellationRequested();
            LearningCoefficientExperiment experiment = _study.Source.Experiment(unit / _study.Data.Count, unit % _study.Data.Count, _ =>
                []
            );
            ShardHeader header = plan.HeaderOf(plan.HoldersOf(unit).First(), unit);
            _study.Study.Keep(folder.Path, unit, experiment.Merge(filesOf(unit), header.Fingerprint, header.Count));
            counter.Advance(1, _study.Study.NameOf(unit));
        }

        _study.Run(folder, progress: null, cancellation);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _study.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    private protected override string FingerprintOf(int unit) => _study.Source.Digest(unit / _study.Data.Count, unit % _study.Data.Count);
}
