using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Development.Attention;
using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Response.Experiments;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;
using Curie.Sampling.Shards;
using Curie.Studies.Analysis;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;
using Curie.Studies.Progress;
using Curie.Studies.Susceptibilities;

namespace Curie.Studies.Sharding;

/// <summary>Susceptibility experiments in shards, of one model or of several checkpoints with a run folder each.</summary>
public sealed class SusceptibilityShards : ShardedStudy
{
    private readonly ExperimentConfiguration _configuration;
    private readonly string[] _models;
    private readonly string[] _names;
    private readonly Lazy<IReadOnlyList<PlannedUnit>> _units;
    private LoadedExperiment? _loaded;
    private string? _loadedModel;

    /// <summary>The experiment that a configuration says.</summary>
    /// <param name="configuration">The experiment.</param>
    /// <param name="options">Threads and memory of a shard.</param>
    /// <param name="every">Of several checkpoints every so-manieth is taken, and the last.</param>
    /// <exception cref="InputException">There is no checkpoint.</exception>
    public SusceptibilityShards(ExperimentConfiguration configuration, StudyOptions options, int every = 1)
        : this(configuration, options, Find(configuration, every)) { }

    private SusceptibilityShards(
        ExperimentConfiguration configuration,
        StudyOptions options,
        IReadOnlyList<(string Model, string Name)> units
    )
        : base(options, configuration.Threads)
    {
        _models = [.. units.Select(unit => Path.GetFullPath(unit.Model))];
        _names = [.. units.Select(unit => unit.Name)];
        _configuration = configuration with { Model = _models[0], MoreModels = _models[1..] };
        _units = new(() => [.. _models.Select((_, unit) => new PlannedUnit(_names[unit], FingerprintOf(unit)))]);
    }

    /// <inheritdoc/>
    public override string Kind => SusceptibilityExperiment.StudyName;

    /// <inheritdoc/>
    public override JsonElement Configuration
    {
        get
        {
            JsonObject json = _configuration.ToJson();
            json["model"] = new JsonArray([.. _models.Select(model => (JsonNode)model)]);
            return JsonSerializer.SerializeToElement(json);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedUnit> Units => _units.Value;

    /// <inheritdoc/>
    public override IEnumerable<string> ResultFiles => from name in _names from file in RunFiles.Names select Path.Combine(name, file);

    /// <inheritdoc/>
    public override long MergeBytes => Experiment(0, parser => []).MergeBytes;

    /// <inheritdoc/>
    public override SamplingPlan PlanOfUnit() => Whole(Experiment(0, parser => []));

    /// <inheritdoc/>
    public override PlanTrial TrialOfUnit(Machine machine)
    {
        SamplingPlan plan = PlanOfUnit();
        return _loaded!.Trial(plan, _configuration.Sampling, machine);
    }

    /// <inheritdoc/>
    public override double ShardBytes => (double)_models.Length * Experiment(0, parser => []).ShareBytes;

    /// <inheritdoc/>
    public override AttentionPlan? Attention
    {
        get
        {
            LoadedExperiment loaded = Load(_models[0]);
            AttentionPlan plan = RunAttention.Plan(
                loaded.Model.Layout.Config,
                loaded.Components.Select(component => component.Name),
                loaded.Probes,
                _configuration.AttentionMegabytes
            );
            return plan.Bytes > 0 ? plan : null;
        }
    }

    /// <summary>The study of a plan.</summary>
    internal static SusceptibilityShards Of(ShardPlan plan, StudyOptions options)
    {
        ExperimentConfiguration configuration = ExperimentConfiguration.Of(plan.Configuration, ShardPlan.FileName, severalModels: true);
        string[] models = [configuration.Model, .. configuration.MoreModels];
        return models.Length == plan.Units.Count
            ? new SusceptibilityShards(configuration, options, [.. models.Zip(plan.Units, (model, unit) => (model, unit.Name))])
            : throw new InputException($"{ShardPlan.FileName} names other models than checkpoints; submit the study again.");
    }

    /// <inheritdoc/>
    private protected override string FingerprintOf(int unit) => SusceptibilityStudy.Fingerprint(Of(_models[unit]));

    /// <inheritdoc/>
    private protected override IReadOnlyList<PlannedShard> Cut(int shards)
    {
        SusceptibilityExperiment experiment = Experiment(0, parser => []);
        return
        [
            .. experiment
                .Cut(shards, _models.Length)
                .Select(shard => new PlannedShard(
                    [.. shard.Runs.Select(run => PlannedWork.Of(run.Key, run.Value))],
                    shard.Cost,
                    shard.Runs.Values.Max(parts => experiment.PlanOf(parts).PeakBytes)
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
        SusceptibilityExperiment experiment = Experiment(work.Unit, work.PartsOf);
        SamplingFollower follower = new(new WorkCounter(progress, "sampling", "tokens"), experiment.Plan, experiment.TokenEvaluations);
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
        WorkCounter? counter = null;
        for (int unit = 0; unit < _models.Length; unit++)
        {
            SusceptibilityExperiment experiment = Experiment(unit, parser => []);
            counter ??= new WorkCounter(progress, "merging", "components", (double)_models.Length * experiment.Order.Count);
            ShardHeader header = plan.HeaderOf(plan.HoldersOf(unit).First(), unit);
            experiment.Merge(Path.Combine(folder.Path, _names[unit]), filesOf(unit), header.Fingerprint, header.Count, component =>
            {
                cancellation.ThrowIfCancellationRequested();
                counter.Advance(1, component.Name);
            });
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _loaded?.Dispose();
        }

        base.Dispose(disposing);
    }

    private static IReadOnlyList<(string Model, string Name)> Find(ExperimentConfiguration configuration, int every)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.HasCheckpoints
            ?
            [
                .. CheckpointSelection
                    .Find([configuration.Model, .. configuration.MoreModels], every)
                    .Select(checkpoint => (checkpoint.Folder, checkpoint.Name)),
            ]
            : [(configuration.Model, "")];
    }

    private static SamplingPlan Whole(SusceptibilityExperiment experiment) =>
        experiment.PlanOf([new ShardPart(experiment.Order, ChainRange.All(experiment.Design.Sampling))]);

    private ExperimentConfiguration Of(string model) => _configuration with { Model = model, MoreModels = [] };

    /// <summary>The experiment of a checkpoint, which stays loaded until the next is asked for.</summary>
    private SusceptibilityExperiment Experiment(int unit, Func<ComponentParser, IReadOnlyList<ShardPart>> parts)
    {
        ExperimentConfiguration configuration = Of(_models[unit]);
        SusceptibilityInputs inputs = SusceptibilityStudy.Inputs(configuration, Load(configuration.Model)) with
        {
            SaveInterval = Options.SaveInterval,
            Memory = Options.Memory,
        };
        return new SusceptibilityExperiment(inputs, Machine, parts(new ComponentParser(inputs.Model.Layout)));
    }

    private LoadedExperiment Load(string model)
    {
        if (_loaded is null || _loadedModel != model)
        {
            _loaded?.Dispose();
            _loaded = null;
            _loaded = new LoadedExperiment(model, _configuration.Sampling, _configuration.Probes);
            _loadedModel = model;
        }

        return _loaded;
    }
}
