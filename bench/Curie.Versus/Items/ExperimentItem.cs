using System.Text.Json;
using Curie.Networks.Components;
using Curie.Response.Experiments;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Text.Packing;

namespace Curie.Versus.Items;

/// <summary>A whole susceptibility experiment over every head and the full model, files included.</summary>
internal sealed class ExperimentItem : IWorkItem
{
    private readonly Bench _bench;
    private readonly string _folder;
    private readonly TokenRows[] _probes;
    private readonly SusceptibilityInputs _inputs;

    public ExperimentItem(Bench bench)
    {
        _bench = bench;
        _folder = Path.Combine(bench.Folder, "experiment");
        Workload work = bench.Workload;
        _probes =
        [
            .. Enumerable
                .Range(0, work.Probes)
                .Select(i => bench.Rows.Slice(work.ExperimentLossRows + (i * work.ProbeRows), work.ProbeRows)),
        ];
        _inputs = new SusceptibilityInputs
        {
            Model = bench.Model,
            Data = bench.Rows,
            Components = new ComponentParser(bench.Model.Layout).ParseAll([Component.FullName, "heads"]),
            Probes = [.. _probes.Select((rows, i) => new ProbeInput { Name = $"probe{i}", Rows = rows })],
            Sampling = new SamplingOptions
            {
                StepSize = work.StepSize,
                NBeta = work.Nbeta,
                Localization = work.Localization,
                Chains = work.Chains,
                Draws = work.Draws,
            },
            BatchSize = work.SampleBatch,
            LossRows = work.ExperimentLossRows,
            Configuration = JsonSerializer.SerializeToElement(work),
            Fingerprint = "versus",
        };
    }

    public double Operations => 0;

    public void Run()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }

        Directory.CreateDirectory(_folder);
        RunManifest manifest = new SusceptibilityExperiment(_inputs, _bench.Machine).Run(
            _folder,
            resume: false,
            null,
            CancellationToken.None
        );
        if (!manifest.Complete)
        {
            throw new InvalidOperationException("The experiment did not finish.");
        }
    }

    public float[] Result() => [];

    public void Dispose() => Array.ForEach(_probes, probe => probe.Dispose());
}
