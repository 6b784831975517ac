using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Cli.Configuration;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Networks.Files;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Response.Experiments;
using Curie.Response.Runs;
using Curie.Sampling.Networks;

namespace Curie.Cli.Jobs;

/// <summary>Scans a model as a configuration says, with progress.</summary>
internal static class ScanJob
{
    /// <summary>Scans. The folder is written when all is done and not before, so that a scan that is stopped leaves what was there.</summary>
    /// <param name="session">The invocation.</param>
    /// <param name="configuration">What to scan.</param>
    /// <param name="path">The run folder; null for none.</param>
    /// <param name="existing">What to do with a run that it holds.</param>
    /// <param name="memory">The memory to plan for, in bytes.</param>
    /// <exception cref="Numerics.InputException">An input does not fit, the folder holds a run, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Ctrl-C.</exception>
    public static SusceptibilityRun Run(Session session, ScanConfiguration configuration, string? path, ExistingRun existing, long memory)
    {
        using LoadedExperiment loaded = new(configuration);
        using WorkerPool pool = new(configuration.Threads);
        ScanExperiment scan = new(
            new ScanInputs
            {
                Model = loaded.Model,
                Components = loaded.Components,
                Probes = loaded.Probes,
                Data = configuration.Data is null ? null : loaded.Data,
                LossRows = configuration.LossRows,
                Sampling = configuration.Options,
                Pairs = configuration.Pairs,
                Memory = memory,
                Configuration = JsonSerializer.SerializeToElement(configuration.ToJson()),
                Fingerprint = Fingerprint(configuration),
            },
            Kernels.FromEnvironment(),
            pool);
        if (path is not null)
        {
            OutputFolder.Check(path, existing);
        }

        session.Say(Text(configuration, scan));
        SusceptibilityRun run = WorkProgress.Run(
            session, "scanning", "tokens", scan.TokenEvaluations, progress => scan.Run(new Follower(progress), session.Cancellation));
        if (path is null)
        {
            return run;
        }

        OutputFolder folder = OutputFolder.Open(path, existing);
        folder.Enter(RunFiles.Names);
        return run with { Manifest = RunFolder.Write(folder.Path, run.Manifest, run.Data) };
    }

    private static string Text(ScanConfiguration configuration, ScanExperiment scan)
    {
        string rows = configuration.Data is { } data ? $"the first {scan.LossRowCount} rows of {data}" : "the tokens of all probes together";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Scanning {scan.Components.Count} components of {configuration.Model}: {scan.Pairs} pairs of opposite draws of each, σ0 {scan.Deviation:G3} around the checkpoint (γ {configuration.Options.Localization:G4}), "
            + $"and {scan.Shape.Tokens} tokens of {scan.Shape.Probes} probes; P is the mean loss of {rows}. {scan.TokenEvaluations:0.##e0} token evaluations in all, with at most {SamplingPlan.Size(scan.PeakBytes)} of memory.");
    }

    private static string Fingerprint(ScanConfiguration configuration)
    {
        ScanConfiguration settings = configuration with
        {
            Model = "",
            Threads = 0,
            Data = configuration.Data is null ? null : "",
            Probes = [.. configuration.Probes.Select(probe => probe with { Data = "" })],
        };
        return RunFingerprint.Of(
            settings.ToJson(),
            [
                Path.Combine(configuration.Model, ModelFolder.ConfigName),
                Path.Combine(configuration.Model, ModelFolder.WeightsName),
                configuration.Data,
                .. configuration.Probes.Select(probe => probe.Data),
            ]);
    }

    /// <summary>Shows the tokens evaluated so far; called on the scanning thread, so that nothing is shown late.</summary>
    private sealed class Follower(WorkProgress progress) : IProgress<long>
    {
        private long _done;

        public void Report(long value)
        {
            progress.Advance(value - _done);
            _done = value;
        }
    }
}
