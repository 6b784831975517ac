using System.Text.Json;
using Curie.Networks.Components;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Response.Estimators;
using Curie.Response.Experiments;
using Curie.Response.Linearity;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Tests;
using Curie.Text.Packing;

namespace Curie.Response.Tests.Experiments;

/// <summary>Experiments on a small transformer that observe the loss of some tokens in place of that of the loss rows.</summary>
public sealed class ObservableExperimentTests : IDisposable
{
    private const double LargestZ = 4;
    private const int LossRows = 7;
    private static readonly string[] Probes = ["near", "far", "pile"];
    private readonly string _folder = Directory.CreateTempSubdirectory("curie-observable-").FullName;
    private readonly ParameterSet _model = ModelReader.Load(Path.Combine(Source, "model"));
    private readonly TokenRows _data = TokenRows.Load(Path.Combine(Source, "pile.npy"));
    private readonly TokenRows _near = TokenRows.Load(Path.Combine(Source, "near.npy"));
    private readonly TokenRows _far = TokenRows.Load(Path.Combine(Source, "far.npy"));

    private static string Source => ReferenceFiles.Susceptibility("3-attention-shortformer");

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _model.Dispose();
        _data.Dispose();
        _near.Dispose();
        _far.Dispose();
    }

    /// <summary>
    /// With all tokens of the loss rows themselves, everything is as it is without an observable: the gradients to the bit, φ up to the
    /// rounding of float32 losses.
    /// </summary>
    [Fact]
    public void The_tokens_of_the_loss_rows_are_the_observable_that_is_the_default()
    {
        SusceptibilityData plain = Sample(Inputs(null)).Data;
        SusceptibilityRun run = Sample(Inputs(new ObservableInput("pile")));
        Assert.Equal("the 252 tokens of pile", run.Manifest.Observable!.ToString());
        Assert.Equal(plain.Response.Values(ResponsePart.Covariance), run.Data.Response.Values(ResponsePart.Covariance));
        Assert.Equal(plain.Levels!.Covariance.Values, run.Data.Levels!.Covariance.Values);
        AssertClose(plain.Response.Values(ResponsePart.Susceptibility), run.Data.Response.Values(ResponsePart.Susceptibility), 1e-4);
        AssertClose(plain.Levels.Gaussian.Phi, run.Data.Levels.Gaussian.Phi, 1e-4);
        AssertClose(plain.Levels.Loss.Phi, run.Data.Levels.Loss.Phi, 1e-2);
        AssertClose([.. plain.TraceLoss.Select(loss => loss - plain.InitLossMean)], run.Data.TracePhi!, 1e-4);

        // g_A·g_P is a square in the one and a difference of two losses, of some 10⁻³ nats with roundings of 10⁻⁷, in the other.
        AssertClose(plain.Alignment!, run.Data.Alignment!, 1e-2);
        Assert.Null(run.Data.Slopes);
    }

    /// <summary>
    /// With c_A(B) the covariance part of the mean over B's tokens where A is observed, c_A(B) − c_A(C) = −Cov(A, B − C), from which P has
    /// gone. Covariances are symmetric,
    /// so −Cov(A, B − C) − Cov(B, C − A) − Cov(C, A − B) = 0 whatever they are, while the terms by themselves are many errors from 0.
    /// </summary>
    [Fact]
    public void The_covariance_of_one_data_set_with_another_is_that_of_the_other_with_the_one()
    {
        SusceptibilityData[] runs = [.. Probes.Select(probe => Sample(Inputs(new ObservableInput(probe))).Data)];
        for (int component = 0; component < runs[0].Shape.Components; component++)
        {
            (double sum, double variance, double largest) = (0, 0, 0);
            for (int a = 0; a < Probes.Length; a++)
            {
                (int b, int c) = ((a + 1) % Probes.Length, (a + 2) % Probes.Length);
                (double toB, double errorB) = Covariance(runs[a], component, b);
                (double toC, double errorC) = Covariance(runs[a], component, c);
                sum += toB - toC;
                variance += (errorB * errorB) + (errorC * errorC);
                largest = Math.Max(largest, Math.Abs(toB - toC));
            }

            Assert.InRange(sum / Math.Sqrt(variance), -LargestZ, LargestZ);
            Assert.True(
                largest > 5 * Math.Sqrt(variance),
                $"component {component}: {largest} is not above five errors of {Math.Sqrt(variance)}"
            );
        }
    }

    /// <summary>
    /// The mean over a probe is the mean of the means over its tokens at even and at odd positions, weighted by their numbers; so are φ,
    /// the response to it and its prediction.
    /// </summary>
    [Fact]
    public void Tokens_that_are_chosen_by_their_positions_are_observed_by_themselves()
    {
        SusceptibilityRun all = Sample(Inputs(new ObservableInput("near")));
        SusceptibilityRun even = Sample(
            Inputs(
                new ObservableInput("near")
                {
                    Pattern = "even",
                    Members = table => [.. table.Position.Select(position => position % 2 == 0)],
                }
            )
        );
        SusceptibilityRun odd = Sample(
            Inputs(
                new ObservableInput("near")
                {
                    Pattern = "odd",
                    Members = table => [.. table.Position.Select(position => position % 2 == 1)],
                }
            )
        );
        (int first, int second) = (even.Manifest.Observable!.Tokens, odd.Manifest.Observable!.Tokens);
        Assert.Equal(all.Manifest.Observable!.Tokens, first + second);
        double share = (double)first / (first + second);
        AssertClose(all.Data.TracePhi!, [.. even.Data.TracePhi!.Zip(odd.Data.TracePhi!, (x, y) => (share * x) + ((1 - share) * y))], 1e-9);
        AssertClose(
            all.Data.Alignment!,
            [.. even.Data.Alignment!.Zip(odd.Data.Alignment!, (x, y) => (float)((share * x) + ((1 - share) * y)))],
            1e-2
        );
        for (int component = 0; component < all.Data.Shape.Components; component++)
        {
            for (int probe = 0; probe < Probes.Length; probe++)
            {
                (double whole, double wholeError) = Covariance(all.Data, component, probe);
                (double x, double errorX) = Covariance(even.Data, component, probe);
                (double y, double errorY) = Covariance(odd.Data, component, probe);
                double error = Math.Sqrt(
                    (wholeError * wholeError) + (share * share * errorX * errorX) + ((1 - share) * (1 - share) * errorY * errorY)
                );
                Assert.InRange(((share * x) + ((1 - share) * y) - whole) / error, -LargestZ, LargestZ);
            }
        }

        Assert.NotEqual(even.Data.Response.Values(ResponsePart.Covariance), odd.Data.Response.Values(ResponsePart.Covariance));
    }

    /// <summary>
    /// Products of fluctuations and responses are estimates of one number. The step effects, εκ/4 and more of it, are 15 % here, far below
    /// the errors of the product.
    /// </summary>
    [Fact]
    public void The_product_of_fluctuations_observes_the_same_tokens()
    {
        SusceptibilityInputs inputs = Inputs(new ObservableInput("far"));
        SusceptibilityData response = Sample(inputs).Data;
        SusceptibilityData product = Sample(inputs with { Covariance = CovarianceEstimator.Product }).Data;
        (double noise, double responseNoise) = (0, 0);
        for (int i = 0; i < response.Shape.Components * Probes.Length; i++)
        {
            double difference = product.Dataset.Values(ResponsePart.Covariance)[i] - response.Dataset.Values(ResponsePart.Covariance)[i];
            double error = product.Dataset.StandardErrors(ResponsePart.Covariance)[i];
            double own = response.Dataset.StandardErrors(ResponsePart.Covariance)[i];
            Assert.InRange(difference / Math.Sqrt((error * error) + (own * own)), -LargestZ, LargestZ);
            (noise, responseNoise) = (noise + (error * error), responseNoise + (own * own));
        }

        Assert.True(
            noise > 4 * responseNoise,
            $"the variance of the product, {noise}, is not above four times that of the response, {responseNoise}"
        );
    }

    /// <summary>χ that is made again from the batches, with φ from its own trace, is χ of the run: what resampling starts from.</summary>
    [Fact]
    public void Resampling_takes_the_observables_own_trace()
    {
        SusceptibilityRun run = Sample(Inputs(new ObservableInput("far")));
        BatchEstimate estimate = BatchEstimate.Of(run, [0, 1, 2], ResponsePart.Susceptibility).Estimate!;
        double[][] values = estimate.Values(ResponsePart.Susceptibility, BatchChoice.All(estimate.Draws));
        for (int component = 0; component < run.Data.Shape.Components; component++)
        {
            float[] expected =
            [
                .. run.Data.Batches!.Token.Select(token =>
                    run.Data.Response.Values(ResponsePart.Susceptibility)[(component * run.Data.Tokens.Count) + token]
                ),
            ];
            AssertClose(expected, [.. values[component].Select(value => (float)value)], 1e-4);
        }
    }

    [Fact]
    public void A_run_that_was_stopped_again_and_again_has_the_same_bytes_for_every_number_of_workers()
    {
        SusceptibilityInputs inputs = Inputs(new ObservableInput("far")) with { SaveInterval = TimeSpan.Zero };
        string whole = Path.Combine(_folder, "whole");
        string broken = Path.Combine(_folder, "broken");
        Assert.True(Run(inputs, whole, workers: 1, stopAfter: null));
        int stops = 0;
        for (int stop = 40; !Run(inputs, broken, workers: 3, stop); stop += 40)
        {
            stops++;
        }

        Assert.True(stops > 1);
        foreach (string file in new[] { RunFolder.ArrayFileName, "manifest.json" })
        {
            Assert.True(File.ReadAllBytes(Path.Combine(whole, file)).SequenceEqual(File.ReadAllBytes(Path.Combine(broken, file))), file);
        }
    }

    [Fact]
    public void What_cannot_be_observed_is_refused()
    {
        AssertRefused("there is no probe code; name one of near, far, pile", Inputs(new ObservableInput("code")));
        AssertRefused(
            "no followed token of probe near belongs to nothing",
            Inputs(new ObservableInput("near") { Pattern = "nothing", Members = table => new bool[table.Count] })
        );
        SusceptibilityInputs inputs = Inputs(new ObservableInput("near"));
        PerturbationInputs perturbation = new()
        {
            Experiment = inputs,
            Probe = "near",
            Shares = [0.01],
            Components = inputs.Components,
        };
        SusceptibilityRun run = Sample(inputs);
        using Machine machine = Machine.Create(1);
        InputException error = Assert.Throws<InputException>(() => new PerturbationExperiment(perturbation, run, machine));
        Assert.Contains("sample a run without sampling.observable", error.Message, StringComparison.Ordinal);
    }

    private static (double Value, double Error) Covariance(SusceptibilityData data, int component, int probe)
    {
        int place = (component * data.Shape.Probes) + probe;
        return (data.Dataset.Values(ResponsePart.Covariance)[place], data.Dataset.StandardErrors(ResponsePart.Covariance)[place]);
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        double largest = expected.Max(Math.Abs);
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second - pair.First, -tolerance * largest, tolerance * largest));
    }

    private static void AssertClose(float[] expected, float[] actual, double tolerance) =>
        AssertClose([.. expected.Select(value => (double)value)], [.. actual.Select(value => (double)value)], tolerance);

    private SusceptibilityInputs Inputs(ObservableInput? observable) =>
        new()
        {
            Model = _model,
            Data = _data,
            Components = new ComponentParser(_model.Layout).ParseAll(["l0h1", "l1h2", "l2h4"]),
            Probes =
            [
                new ProbeInput { Name = "near", Rows = _near },
                new ProbeInput { Name = "far", Rows = _far },
                new ProbeInput
                {
                    Name = "pile",
                    Rows = _data,
                    RowLimit = LossRows,
                },
            ],
            Sampling = new SamplingOptions
            {
                StepSize = 0.002,
                NBeta = 100,
                Localization = 300,
                Chains = 4,
                Draws = 24,
                StepsBetweenDraws = 2,
                Antithetic = true,
            },
            BatchSize = 3,
            LossRows = LossRows,
            FullDraws = 24,
            Observable = observable,
            Configuration = JsonSerializer.SerializeToElement("observable"),
            Fingerprint = "observable",
        };

    private SusceptibilityRun Sample(SusceptibilityInputs inputs)
    {
        Run(inputs, _folder, workers: 2, stopAfter: null, resume: false);
        return RunFolder.Read(_folder);
    }

    private static bool Run(SusceptibilityInputs inputs, string folder, int workers, int? stopAfter, bool resume = true)
    {
        Directory.CreateDirectory(folder);
        using Machine machine = Machine.Create(workers);
        using CancellationTokenSource stop = new();
        try
        {
            new SusceptibilityExperiment(inputs, machine).Run(folder, resume, new StopAfter(stopAfter, stop), stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void AssertRefused(string message, SusceptibilityInputs inputs)
    {
        InputException error = Assert.Throws<InputException>(() => Sample(inputs));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private sealed class StopAfter(int? reports, CancellationTokenSource stop) : IProgress<Sampling.Chains.SamplingProgress>
    {
        private int _reports;

        public void Report(Sampling.Chains.SamplingProgress value)
        {
            if (++_reports == reports)
            {
                stop.Cancel();
            }
        }
    }
}
