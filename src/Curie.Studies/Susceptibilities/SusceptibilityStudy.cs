using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Networks.Data;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Numerics.Parallelism;
using Curie.Response.Experiments;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Sampling.Networks;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;
using Curie.Studies.Progress;
using Curie.Studies.Sharding;
using Curie.Text.Tokenization;

namespace Curie.Studies.Susceptibilities;

/// <summary>
/// A susceptibility experiment as a configuration says: the model and the rows are read and the sampling is planned when it is made, and
/// <see cref="Run(string, ExistingRun, IProgress{StudyProgress}, CancellationToken)"/> does it.
/// </summary>
public sealed class SusceptibilityStudy : IDisposable
{
    private readonly LoadedExperiment _loaded;
    private readonly SusceptibilityExperiment _experiment;
    private readonly ControlExperiment? _control;
    private readonly string? _whyNoControl;
    private readonly IReadOnlyList<string> _inputs;
    private readonly SamplingConfiguration _rows;
    private PlanTrial? _trial;

    /// <summary>Reads what the configuration names, and plans.</summary>
    /// <param name="configuration">The experiment.</param>
    /// <param name="options">Threads, memory and how often it is saved.</param>
    /// <exception cref="Numerics.InputException">A file is missing or damaged, or a setting does not fit the model or the data.</exception>
    public SusceptibilityStudy(ExperimentConfiguration configuration, StudyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        options ??= new StudyOptions();
        _inputs = configuration.Inputs;
        _rows = configuration.Sampling;
        _loaded = new LoadedExperiment(configuration.Model, configuration.Sampling, configuration.Probes);
        try
        {
            Machine = options.CreateMachine(configuration.Threads);
            SusceptibilityInputs inputs = Inputs(configuration, _loaded) with
            {
                SaveInterval = options.SaveInterval,
                Memory = options.Memory,
            };
            _experiment = new SusceptibilityExperiment(inputs, Machine);
            _control = ControlExperiment.Of(
                inputs with
                {
                    Configuration = JsonSerializer.SerializeToElement(configuration.AsControl().ToJson()),
                },
                configuration.Sampling.Coupling.Control,
                Machine
            );
            _whyNoControl =
                configuration.Sampling is { Coupling.Control: not ControlDraws.None, Options.NBeta: > 0 }
                && ControlExperiment.WhyNone(inputs) is { } reason
                    ? $"No control, draws that never feel the loss, is made beside the run, because {reason}."
                    : null;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The sizes of the result.</summary>
    public RunShape Shape => _experiment.Shape;

    /// <summary>What was decided otherwise than asked for, in sentences.</summary>
    public IReadOnlyList<string> Notes => [.. _experiment.Design.Notes, .. _whyNoControl is null ? (string[])[] : [_whyNoControl]];

    /// <summary>The pairs of opposite draws of the control that is drawn beside the run; 0 where there is none.</summary>
    public int ControlPairs => _control?.Pairs ?? 0;

    /// <summary>The work of the control as a share of that of the run.</summary>
    public double ControlShare => _control is null ? 0 : (double)_control.TokenEvaluations / _experiment.TokenEvaluations;

    /// <summary>Which components are sampled together, and what it costs.</summary>
    public SamplingPlan Plan => _experiment.Plan;

    /// <summary>How long the run takes, by a trial of some tenths of a second for each kind of component; made once.</summary>
    public PlanTrial Trial => _trial ??= _loaded.Trial(Plan, _rows, Machine);

    /// <summary>How long the control takes, at the pace of the run.</summary>
    public TimeSpan ControlTime => Trial.Time * ControlShare;

    /// <summary>The tokens evaluated in the whole experiment and its control.</summary>
    public long TokenEvaluations => _experiment.TokenEvaluations + (_control?.TokenEvaluations ?? 0);

    /// <summary>What computes; the study's own, made with the threads that it was given.</summary>
    public Machine Machine { get; }

    /// <summary>Says whether the rows that give P are no fair sample of their file; null if they are, by forward passes.</summary>
    public string? CheckLossRows() => _loaded.CheckLossRows(_rows.Data, _rows.LossRowsChoice, _rows.LossRows, Machine);

    /// <summary>Opens a run folder for the study, and enters its files in the ledger.</summary>
    /// <exception cref="Numerics.InputException">The folder holds a run and is not to be continued or replaced, or cannot be
    /// written.</exception>
    public OutputFolder Open(string path, ExistingRun existing)
    {
        ShardPlan.RequireUncut(path, existing);
        OutputFolder folder = OutputFolder.Open(path, existing, inputs: _inputs);
        folder.Enter(RunFiles.Names);
        folder.Enter(
            _experiment.Order.Select(component => Path.Combine(SusceptibilityExperiment.StateFolderName, $"{component.Name}.state"))
        );
        if (_control is not null)
        {
            string[] names =
            [
                .. RunFiles.Names,
                .. _experiment.Order.Select(component => Path.Combine(SusceptibilityExperiment.StateFolderName, $"{component.Name}.state")),
            ];
            folder.Enter(names.Select(name => Path.Combine(ControlExperiment.FolderName, name)));
        }

        return folder;
    }

    /// <summary>Samples, or continues what is in the folder.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="cancellation">Stops; what was sampled is kept in the folder.</param>
    /// <returns>The finished run's manifest.</returns>
    /// <exception cref="Numerics.InputException">The folder's run is another's, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; the state is saved.</exception>
    public RunManifest Run(OutputFolder folder, IProgress<StudyProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folder);
        SamplingFollower follower = new(
            new WorkCounter(progress, "sampling", "tokens"),
            Plan,
            _experiment.TokenEvaluations,
            seconds: _trial?.GroupSeconds
        );
        RunManifest manifest = _experiment.Run(folder.Path, folder.IsResumed, follower, cancellation);
        _control?.Run(
            Path.Combine(folder.Path, ControlExperiment.FolderName),
            folder.IsResumed,
            new ControlFollower(new WorkCounter(progress, "drawing the control", "tokens", _control.TokenEvaluations)),
            cancellation
        );
        return manifest;
    }

    /// <summary>The control in the folder of a run, its draws that never feel the loss; null where the folder holds none.</summary>
    /// <param name="path">The run folder.</param>
    /// <exception cref="Numerics.InputException">A file is damaged.</exception>
    public static SusceptibilityRun? ControlOf(string path)
    {
        string control = Path.Combine(path, ControlExperiment.FolderName);
        return RunFolder.Holds(control) && RunFolder.ReadManifest(control).Complete ? RunFolder.Read(control) : null;
    }

    /// <summary>Samples into a run folder, or continues what is there, and reads the run back.</summary>
    /// <param name="path">The run folder, which is made if need be.</param>
    /// <param name="existing">What to do with a run that it holds. Default: refuse it.</param>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="cancellation">Stops; what was sampled is kept in the folder.</param>
    /// <exception cref="Numerics.InputException">The folder holds a run, or files that are not Curie's, or a file cannot be
    /// written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; the state is saved.</exception>
    public SusceptibilityRun Run(
        string path,
        ExistingRun existing = ExistingRun.Refuse,
        IProgress<StudyProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        using OutputFolder folder = Open(path, existing);
        Run(folder, progress, cancellation);
        return RunFolder.Read(path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _loaded.Dispose();
        Machine?.Dispose(); // Null where it could not be made.
    }

    /// <summary>What a configuration and the files that it names define.</summary>
    internal static SusceptibilityInputs Inputs(ExperimentConfiguration configuration, LoadedExperiment loaded) =>
        new()
        {
            Model = loaded.Model,
            Data = loaded.Data,
            CountedPositions = loaded.CountedPositions,
            Components = loaded.Components,
            Probes = loaded.Probes,
            Sampling = configuration.Sampling.Options with
            {
                Antithetic = configuration.Sampling.Coupling.IsAntithetic(configuration.Sampling.Options),
            },
            Observable = ObservedPattern.Of(configuration, loaded),
            Covariance = configuration.Sampling.Coupling.Covariance,
            PerturbationStrength = configuration.Sampling.Coupling.Strength,
            PerturbationRows = configuration.Sampling.Coupling.Rows,
            FullDraws = configuration.Sampling.Coupling.FullDraws,
            GaussianPairs = configuration.Sampling.Coupling.GaussianPairs,
            BatchSize = configuration.Sampling.BatchSize,
            Order = configuration.Sampling.Order,
            LossRows = configuration.Sampling.LossRows,
            LossRowsChoice = configuration.Sampling.LossRowsChoice,
            Configuration = JsonSerializer.SerializeToElement(configuration.ToJson()),
            Fingerprint = Fingerprint(configuration),
        };

    /// <summary>What defines the observed tokens beside the probe: a file of patterns and the tokenizer.</summary>
    private static IEnumerable<string?> PatternFiles(ExperimentConfiguration configuration) =>
        configuration.Sampling.Observable is { Pattern: not null } observable
            ? [observable.PatternFile, TokenizerFile.Find(configuration.Model)]
            : [];

    /// <summary>The files of masks, which are there for settings that name them alone.</summary>
    internal static IEnumerable<string> Masks(string? positions, IEnumerable<ProbeConfiguration> probes) =>
        probes.Select(probe => PositionsKey.File(probe.Positions)).Prepend(PositionsKey.File(positions)).OfType<string>();

    internal static string Fingerprint(ExperimentConfiguration configuration)
    {
        ExperimentConfiguration settings = configuration with
        {
            Model = "",
            Threads = 0,
            Sampling = configuration.Sampling with
            {
                Data = "",
                Positions = PositionsKey.Setting(configuration.Sampling.Positions),
                Observable = configuration.Sampling.Observable is { } observable ? observable with { PatternFile = null } : null,

                // The control has a folder and a fingerprint of its own: a run can be given one later.
                Coupling = configuration.Sampling.Coupling with
                {
                    Control = ControlDraws.Auto,
                },
            },
            Probes = [.. configuration.Probes.Select(probe => probe.WithoutPaths())],
        };
        JsonObject json = settings.ToJson();
        json.Remove(AttentionKey.Name); // What is kept of the attention changes nothing in the run.
        return RunFingerprint.Of(
            TokenChoice.Mark(json, configuration.Probes),
            [
                .. ModelReader.FilesOf(configuration.Model),
                configuration.Sampling.Data,
                .. configuration.Probes.Select(probe => probe.Data),
                .. PatternFiles(configuration),
                .. Masks(configuration.Sampling.Positions, configuration.Probes),
            ]
        );
    }

    /// <summary>Shows the tokens evaluated so far; called on the drawing thread, so that nothing is shown late.</summary>
    private sealed class ControlFollower(WorkCounter counter) : IProgress<double>
    {
        private double _done;

        public void Report(double value)
        {
            counter.Advance(value - _done);
            _done = value;
        }
    }
}
