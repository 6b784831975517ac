using System.Text.Json;
using Curie.Networks.Components;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics.Parallelism;
using Curie.Response.Estimators;
using Curie.Response.Experiments;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Tests;
using Curie.Text.Packing;

namespace Curie.Response.Tests.Experiments;

/// <summary>The control of a run, drawn directly.</summary>
public sealed class ControlExperimentTests : IDisposable
{
    private static readonly string[] Files = ["manifest.json", RunFolder.ArrayFileName, RunFolder.BatchFileName];
    private readonly TemporaryFolder _folder = new();
    private readonly ParameterSet _model = ModelReader.Load(Path.Combine(Source, "model"));
    private readonly TokenRows _data = TokenRows.Load(Path.Combine(Source, "pile.npy"));
    private readonly TokenRows _near = TokenRows.Load(Path.Combine(Source, "near.npy"));

    private static string Source => ReferenceFiles.Susceptibility("3-attention-shortformer");

    public void Dispose()
    {
        _folder.Dispose();
        _model.Dispose();
        _data.Dispose();
        _near.Dispose();
    }

    [Fact]
    public void It_is_a_run_of_its_own_with_every_part_and_errors()
    {
        SusceptibilityRun run = Run("control", Inputs());
        Assert.True(run.Manifest is { Complete: true, Control: true, IsDrawnDirectly: true });
        Assert.Equal(["l0h1", "l2h2"], run.Manifest.Components);
        Assert.Equal(ResponsePart.All, run.Manifest.HeldParts);
        Assert.All(ResponsePart.All, part =>
        {
            Assert.All(run.Data.Response.Values(part), value => Assert.True(float.IsFinite(value)));
            Assert.All(run.Data.Response.StandardErrors(part), value => Assert.True(value >= 0));
        });
        Assert.Equal(3, run.Manifest.Health.Count);
        Assert.NotEqual(run.Manifest.Seeds["sampling"], run.Manifest.ChainSeed);
        Assert.False(Directory.Exists(_folder.File("control/state")));
    }

    /// <summary>
    /// The same law, drawn by a scan with a stream of its own: the difference of the two excesses has the errors of both in quadrature, and
    /// at hundreds of tokens its mean square is 1 within a few tenths.
    /// </summary>
    [Fact]
    public void Its_excess_is_that_of_a_scan_with_other_draws()
    {
        SusceptibilityInputs inputs = Inputs() with { Sampling = Options with { Draws = 64, Chains = 4 } };
        SusceptibilityRun control = Run("control", inputs, ControlDraws.Full);
        using Machine machine = Machine.Create(1);
        SusceptibilityRun scan = new ScanExperiment(
            new ScanInputs
            {
                Model = _model,
                Data = _data,
                Components = inputs.Components,
                Probes = inputs.Probes,
                LossRows = inputs.LossRows,
                Sampling = Options,
                Pairs = 128,
                Configuration = default,
                Fingerprint = "",
            },
            machine
        ).Run(null, CancellationToken.None);
        ResponsePart part = ResponsePart.Excess;
        float[] x = control.Data.Response.Values(part);
        float[] y = scan.Data.Response.Values(part);
        float[] xError = control.Data.Response.StandardErrors(part);
        float[] yError = scan.Data.Response.StandardErrors(part);
        Assert.NotEqual(x, y);
        double chi = x.Select((value, i) => Math.Pow(value - y[i], 2) / (Math.Pow(xError[i], 2) + Math.Pow(yError[i], 2))).Average();
        Assert.InRange(chi, 0.5, 2);
    }

    [Fact]
    public void Threads_and_stops_do_not_change_a_bit_and_what_is_complete_is_left_alone()
    {
        Run("one", Inputs(), threads: 1);
        Run("three", Inputs(), threads: 3);
        int reports = 0;
        using CancellationTokenSource stop = new();
        Assert.Throws<OperationCanceledException>(() =>
            Make(Inputs(), ControlDraws.Full, 1)
                .Run(
                    _folder.File("stopped"),
                    resume: false,
                    new Report(_ =>
                    {
                        if (++reports == 3)
                        {
                            stop.Cancel();
                        }
                    }),
                    stop.Token
                )
        );
        Assert.False(RunFolder.ReadManifest(_folder.File("stopped")).Complete);
        Run("stopped", Inputs(), resume: true);
        foreach (string file in Files)
        {
            byte[] expected = File.ReadAllBytes(_folder.File($"one/{file}"));
            Assert.Equal(expected, File.ReadAllBytes(_folder.File($"three/{file}")));
            Assert.Equal(expected, File.ReadAllBytes(_folder.File($"stopped/{file}")));
        }

        DateTime written = File.GetLastWriteTimeUtc(_folder.File("one/manifest.json"));
        Run("one", Inputs(), resume: true);
        Assert.Equal(written, File.GetLastWriteTimeUtc(_folder.File("one/manifest.json")));
    }

    [Fact]
    public void By_default_it_takes_no_more_than_a_quarter_of_the_runs_work()
    {
        SusceptibilityInputs inputs = Inputs() with { Sampling = Options with { Draws = 100, BurnIn = 100, StepsBetweenDraws = 5 } };
        using Machine machine = Machine.Create(1);
        ControlExperiment control = ControlExperiment.Of(inputs, ControlDraws.Auto, machine)!;
        long work = new SusceptibilityExperiment(inputs, machine).TokenEvaluations;
        Assert.InRange((double)control.TokenEvaluations / work, 0.15, 0.25);
        Assert.Equal(0, control.Pairs % 8);
        Assert.Equal(200, ControlExperiment.Of(inputs, ControlDraws.Full, machine)!.Pairs);
    }

    [Fact]
    public void There_is_none_where_none_is_wanted_or_possible()
    {
        using Machine machine = Machine.Create(1);
        Assert.Null(ControlExperiment.Of(Inputs(), ControlDraws.None, machine));
        Assert.Null(ControlExperiment.Of(Inputs() with { Sampling = Options with { NBeta = 0 } }, ControlDraws.Full, machine));
        SusceptibilityInputs observed = Inputs() with { Observable = new ObservableInput("near") };
        Assert.Null(ControlExperiment.Of(observed, ControlDraws.Full, machine));
        Assert.Contains("observable", ControlExperiment.WhyNone(observed), StringComparison.Ordinal);
        SusceptibilityInputs still = Inputs() with { Sampling = Options with { NoiseLevel = 0 } };
        Assert.Null(ControlExperiment.Of(still, ControlDraws.Full, machine));
        Assert.Contains("noise_level is 0", ControlExperiment.WhyNone(still), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_run_by_products_it_has_neither_covariance_nor_chi()
    {
        SusceptibilityRun run = Run("product", Inputs() with { Covariance = CovarianceEstimator.Product });
        Assert.Equal([ResponsePart.Renormalization, ResponsePart.Shift, ResponsePart.Excess], run.Manifest.HeldParts);
    }

    private SusceptibilityRun Run(
        string name,
        SusceptibilityInputs inputs,
        ControlDraws draws = ControlDraws.Full,
        int threads = 1,
        bool resume = false
    )
    {
        Make(inputs, draws, threads).Run(_folder.File(name), resume, null, CancellationToken.None);
        return RunFolder.Read(_folder.File(name));
    }

    private static ControlExperiment Make(SusceptibilityInputs inputs, ControlDraws draws, int threads) =>
        ControlExperiment.Of(inputs, draws, Machine.Create(threads))!;

    private static SamplingOptions Options =>
        new()
        {
            StepSize = 0.002,
            NBeta = 100,
            Localization = 300,
            Chains = 4,
            Draws = 8,
            BurnIn = 10,
            Antithetic = true,
            Seed = 3,
        };

    private SusceptibilityInputs Inputs() =>
        new()
        {
            Model = _model,
            Data = _data,
            Components = new ComponentParser(_model.Layout).ParseAll(["l0h1", "l2h2"]),
            Probes =
            [
                new ProbeInput { Name = "near", Rows = _near },
                new ProbeInput
                {
                    Name = "pile",
                    Rows = _data,
                    RowLimit = 7,
                },
            ],
            Sampling = Options,
            BatchSize = 3,
            LossRows = 7,
            Configuration = JsonSerializer.SerializeToElement("control"),
            Fingerprint = "control",
        };

    private sealed class Report(Action<double> report) : IProgress<double>
    {
        void IProgress<double>.Report(double value) => report(value);
    }
}
