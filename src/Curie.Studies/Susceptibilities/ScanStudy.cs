using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Response.Experiments;
using Curie.Response.Runs;
using Curie.Sampling.Networks;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;
using Curie.Studies.Progress;

namespace Curie.Studies.Susceptibilities;

/// <summary>A scan of a model as a configuration says: its files are read and its work is planned when it is made.</summary>
public sealed class ScanStudy : IDisposable
{
    private readonly LoadedExperiment _loaded;
    private readonly Machine _machine;
    private readonly ScanExperiment _scan;
    private readonly IReadOnlyList<string> _inputs;
    private readonly ScanConfiguration _configuration;

    /// <summary>Reads what the configuration names, and plans.</summary>
    /// <param name="configuration">What to scan.</param>
    /// <param name="memory">The memory to plan for, in bytes.</param>
    /// <exception cref="Numerics.InputException">An input is missing or does not fit.</exception>
    public ScanStudy(ScanConfiguration configuration, long memory)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _inputs = configuration.Inputs;
        _loaded = new LoadedExperiment(configuration);
        try
        {
            _machine = Machine.Create(configuration.Threads);
            _scan = new ScanExperiment(
                new ScanInputs
                {
                    Model = _loaded.Model,
                    Components = _loaded.Components,
                    Probes = _loaded.Probes,
                    Data = configuration.Data is null ? null : _loaded.Data,
                    CountedPositions = _loaded.CountedPositions,
                    LossRows = configuration.LossRows,
                    LossRowsChoice = configuration.LossRowsChoice,
                    Sampling = configuration.Options,
                    Pairs = configuration.Pairs,
                    Memory = memory,
                    Configuration = JsonSerializer.SerializeToElement(configuration.ToJson()),
                    Fingerprint = Fingerprint(configuration),
                },
                _machine
            );
        }
        catch
        {
            Dispose();
            throw;
        }

        Description = Describe(configuration);
        _configuration = configuration;
    }

    /// <summary>Says whether the rows that give P are no fair sample of their file; null if they are, by forward passes.</summary>
    public string? CheckLossRows() =>
        _configuration.Data is { } data
            ? _loaded.CheckLossRows(data, _configuration.LossRowsChoice, _configuration.LossRows, _machine)
            : null;

    /// <summary>The threads that it computes on.</summary>
    public int Threads => _machine.Pool.Workers;

    /// <summary>How long the scan takes, by a trial of a tenth of a second for each kind of component.</summary>
    public TimeSpan Try() => _scan.Try();

    /// <summary>What is about to be done, in words.</summary>
    public string Description { get; }

    /// <summary>
    /// Scans. The folder is written when all is done and not before, so that a scan that is stopped leaves what was there.
    /// </summary>
    /// <param name="path">The run folder; null for none.</param>
    /// <param name="existing">What to do with a run that it holds.</param>
    /// <param name="progress">Told as draws are evaluated.</param>
    /// <param name="cancellation">Stops between two evaluations.</param>
    /// <exception cref="Numerics.InputException">The folder holds a run, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public SusceptibilityRun Run(
        string? path,
        ExistingRun existing = ExistingRun.Refuse,
        IProgress<StudyProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        if (path is not null)
        {
            OutputFolder.Check(path, existing, canResume: false, _inputs);
        }

        SusceptibilityRun run = _scan.Run(
            new Follower(new WorkCounter(progress, "scanning", "tokens", _scan.TokenEvaluations)),
            cancellation
        );
        if (path is null)
        {
            return run;
        }

        using OutputFolder folder = OutputFolder.Open(path, existing, canResume: false, _inputs);
        folder.Enter(RunFiles.Names);
        return run with { Manifest = RunFolder.Write(folder.Path, run.Manifest, run.Data) };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _loaded.Dispose();
        _machine?.Dispose(); // Null where it could not be made.
    }

    private string Describe(ScanConfiguration configuration)
    {
        string rows = configuration.Data is { } data
            ? $"{LossRowsWords.Which(configuration.LossRowsChoice)} {Counted.Of(_scan.LossRowCount, "row")} of {data}"
            : "the tokens of all probes together";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Scanning {Counted.Of(_scan.Components.Count, "component")} of {configuration.Model}: "
                + $"{Counted.Of(_scan.Pairs, "pair")} of opposite draws of each, σ0 "
                + $"{_scan.Deviation:G3} around the checkpoint (γ {configuration.Options.Localization:G4}), "
                + $"and {Counted.Of(_scan.Shape.Tokens, "token")} of {Counted.Of(_scan.Shape.Probes, "probe")}; P is the mean loss "
                + $"of {rows}. "
                + $"{_scan.TokenEvaluations:0.##e0} token evaluations in all, with at most {SamplingPlan.Size(_scan.PeakBytes)} of memory."
        );
    }

    private static string Fingerprint(ScanConfiguration configuration)
    {
        ScanConfiguration settings = configuration with
        {
            Model = "",
            Threads = 0,
            Data = configuration.Data is null ? null : "",
            Positions = PositionsKey.Setting(configuration.Positions),
            Probes = [.. configuration.Probes.Select(probe => probe.WithoutPaths())],
        };
        JsonObject json = settings.ToJson();
        json.Remove(AttentionKey.Name); // What is kept of the attention changes nothing in the run.
        return RunFingerprint.Of(
            TokenChoice.Mark(json, configuration.Probes),
            [
                .. ModelReader.FilesOf(configuration.Model),
                configuration.Data,
                .. configuration.Probes.Select(probe => probe.Data),
                .. SusceptibilityStudy.Masks(configuration.Positions, configuration.Probes),
            ]
        );
    }

    /// <summary>Shows the tokens evaluated so far; called on the scanning thread, so that nothing is shown late.</summary>
    private sealed class Follower(WorkCounter counter) : IProgress<long>
    {
        private long _done;

        public void Report(long value)
        {
            counter.Advance(value - _done);
            _done = value;
        }
    }
}
