using System.Text.Json.Nodes;
using Curie.Development.Coefficients;
using Curie.Networks.Architecture;
using Curie.Networks.Data;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Regression;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;
using Curie.Studies.Progress;
using Curie.Studies.Sharding;
using Curie.Studies.Susceptibilities;
using Curie.Text.Packing;

namespace Curie.Studies.Coefficients;

/// <summary>Learning coefficients of several checkpoints, on several data sets, into one table.</summary>
public sealed class CheckpointCoefficientStudy : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly CheckpointCoefficients _source;
    private readonly CoefficientStudy _study;
    private readonly IReadOnlyList<string> _inputs;
    private Func<IReadOnlyList<string>> _checkLossRows = () => [];
    private Func<Machine, PlanTrial?> _trial = _ => null;

    /// <summary>Reads what the configuration names, and plans.</summary>
    /// <param name="configuration">The checkpoints, the data sets, and how they are sampled.</param>
    /// <param name="options">Threads and memory.</param>
    /// <exception cref="InputException">An input is missing or does not fit.</exception>
    public CheckpointCoefficientStudy(ExperimentConfiguration configuration, StudyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        options ??= new StudyOptions();
        _inputs = configuration.Inputs;
        Machine = Own(options.CreateMachine(configuration.Threads));
        try
        {
            IReadOnlyList<Checkpoint> checkpoints = CheckpointSelection.Find(
                [configuration.Model, .. configuration.MoreModels],
                configuration.Study.Every
            );
            _source = Own(
                RegressionFolder.IsRegressionAt(configuration.Model)
                    ? OfRegression(configuration, checkpoints)
                    : OfTransformers(configuration, checkpoints, options.Memory)
            );
            _study = new CoefficientStudy(_source, configuration.ToStudyJson());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The checkpoints, in ascending order of steps.</summary>
    public IReadOnlyList<Checkpoint> Checkpoints => _source.Checkpoints;

    /// <summary>The names of the data sets.</summary>
    public IReadOnlyList<string> Data => _source.Data;

    /// <summary>The number of components of every measurement.</summary>
    public int Components => _source.Components;

    /// <summary>The number of measurements.</summary>
    public int Count => _study.Count;

    /// <summary>What is counted: <c>tokens</c>, or <c>sequences</c> of a regression transformer.</summary>
    public string Unit { get; private set; } = "tokens";

    /// <summary>How many of them one measurement evaluates.</summary>
    public long Evaluations => _source.Evaluations;

    /// <inheritdoc cref="LearningCoefficientExperiment.Plan"/>
    public SamplingPlan? Plan => _source.Plan;

    /// <summary>
    /// How long one measurement takes, by a trial of some tenths of a second for each kind of component of the last checkpoint; null where
    /// there is no plan.
    /// </summary>
    /// <exception cref="InputException">The checkpoint cannot be read.</exception>
    public PlanTrial? Trial() => Trial(Machine);

    /// <summary>The same on another machine than the study's own.</summary>
    internal PlanTrial? Trial(Machine machine) => _trial(machine);

    /// <summary>What computes; the study's own, made with the threads that it was given.</summary>
    public Machine Machine { get; }

    /// <summary>Opens a folder for the study, and enters its files in the ledger.</summary>
    /// <exception cref="InputException">The folder holds a study and is not to be continued or replaced, or cannot be written.</exception>
    public OutputFolder Open(string path, ExistingRun existing)
    {
        ShardPlan.RequireUncut(path, existing);
        OutputFolder folder = OutputFolder.Open(path, existing, inputs: _inputs);
        folder.Enter(_study.Files);
        return folder;
    }

    /// <summary>How many measurements a folder lacks.</summary>
    public int CountLeft(OutputFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Count - _study.CountDone(folder.Path);
    }

    /// <summary>
    /// Says of which data sets the rows that give P are no fair sample, by forward passes of the last checkpoint; empty if they all are.
    /// </summary>
    public IReadOnlyList<string> CheckLossRows() => _checkLossRows();

    /// <summary>Makes the measurements that a folder lacks, and writes the table.</summary>
    /// <param name="folder">What <see cref="Open"/> gave.</param>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="cancellation">Stops; finished measurements are kept.</param>
    /// <exception cref="InputException">A checkpoint does not fit, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; finished measurements are kept.</exception>
    public CoefficientTable Run(OutputFolder folder, IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        WorkCounter counter = new(progress, "sampling", Unit, (double)CountLeft(folder) * Evaluations);
        return _study.Run(folder.Path, (checkpoint, data) => Follow(counter, checkpoint, data), cancellation);
    }

    /// <summary>The measurements themselves, for shards.</summary>
    internal CheckpointCoefficients Source => _source;

    /// <summary>The files of the measurements and the table made of them, for a merge.</summary>
    internal CoefficientStudy Study => _study;

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(owned => owned.Dispose());

    /// <summary>What decides numbers beside the files; where those lie does not.</summary>
    internal static string Settings(ExperimentConfiguration configuration) =>
        (
            configuration with
            {
                Model = "",
                MoreModels = [],
                Threads = 0,
                Sampling = configuration.Sampling with { Data = "", Positions = PositionsKey.Setting(configuration.Sampling.Positions) },
                Study = configuration.Study with { Every = 1, Data = [], Against = configuration.Study.Against is null ? null : "" },
            }
        )
            .ToStudyJson()
            .ToJsonString();

    private static string Digest(string settings, IEnumerable<string?> files) =>
        RunFingerprint.Of(new JsonObject { ["settings"] = settings }, files);

    private IProgress<SamplingProgress> Follow(WorkCounter counter, Checkpoint checkpoint, int data)
    {
        string place = Data.Count > 1 ? $"{checkpoint.Name} on {Data[data]}, " : $"{checkpoint.Name}, ";
        return SequenceFollower.Of(counter, Plan, place, Evaluations, Components);
    }

    private CheckpointCoefficients OfRegression(ExperimentConfiguration configuration, IReadOnlyList<Checkpoint> checkpoints)
    {
        RegressionMeasurements.Check(configuration);
        Unit = "sequences";
        string settings = Settings(configuration);
        return new CheckpointCoefficients(
            checkpoints,
            [SamplingConfiguration.OfTask],
            RegressionFolder.Load,
            (model, _) => RegressionMeasurements.Of(configuration, model),
            (checkpoint, _) =>
                Digest(
                    settings,
                    [Path.Combine(checkpoint.Folder, ModelFolder.ConfigName), Path.Combine(checkpoint.Folder, ModelFolder.WeightsName)]
                ),
            Machine
        );
    }

    private CheckpointCoefficients OfTransformers(ExperimentConfiguration configuration, IReadOnlyList<Checkpoint> checkpoints, long memory)
    {
        NamedData[] data = [NamedData.Parse(configuration.Sampling.Data), .. configuration.Study.Data];
        if (data.GroupBy(rows => rows.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new InputException($"two data sets are named \"{twice.Key}\"; give one another name, as in {twice.Key}-2=ROWS.npy.");
        }

        TransformerConfig config = ModelReader.LoadConfig(checkpoints[0].Folder);
        List<(TokenRows Rows, CountedPositions? Counted)> rows = [];
        foreach (NamedData one in data)
        {
            TokenRows read = Own(
                ModelRows.Load(one.Path, config, PositionsKey.Rule(configuration.Sampling.Positions), out CountedPositions? counted)
            );
            rows.Add((read, counted));
        }

        ParameterSet? against = TransformerMeasurements.Against(configuration);
        if (against is not null)
        {
            Own(against);
        }

        _checkLossRows = () =>
        {
            using ParameterSet model = ModelReader.Load(checkpoints[^1].Folder);
            SamplingConfiguration sampling = configuration.Sampling;
            return
            [
                .. data.Zip(rows, (one, read) =>
                        (
                            one.Path,
                            Check: LossRowsCheck.Measure(
                                model,
                                read.Rows,
                                read.Counted,
                                sampling.LossRowsChoice,
                                sampling.LossRows,
                                Machine
                            )
                        )
                    )
                    .Select(one => LossRowsWords.Warning(one.Check, one.Path))
                    .OfType<string>(),
            ];
        };
        _trial = machine =>
        {
            using ParameterSet model = ModelReader.Load(checkpoints[^1].Folder);
            CoefficientInputs inputs = TransformerMeasurements.Of(configuration, model, rows[0].Rows, rows[0].Counted, against, memory);
            return new LearningCoefficientExperiment(inputs, machine).Trial();
        };
        string settings = Settings(configuration);
        return new CheckpointCoefficients(
            checkpoints,
            [.. data.Select(one => one.Name)],
            ModelReader.Load,
            (model, place) => TransformerMeasurements.Of(configuration, model, rows[place].Rows, rows[place].Counted, against, memory),
            (checkpoint, place) => Digest(settings, Files(configuration, checkpoint, data[place])),
            Machine
        );
    }

    private static IEnumerable<string?> Files(ExperimentConfiguration configuration, Checkpoint checkpoint, NamedData data) =>
        [
            .. ModelReader.FilesOf(checkpoint.Folder),
            data.Path,
            .. configuration.Study.Against is { } against ? ModelReader.FilesOf(against) : (IEnumerable<string?>)[null, null],
            .. SusceptibilityStudy.Masks(configuration.Sampling.Positions, []),
        ];

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
