using System.Text.Json;
using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics.Files;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Simd;
using Curie.Response.Estimators;
using Curie.Response.Experiments;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Text.Packing;

namespace Curie.Response.Tests.Experiments;

/// <summary>
/// The whole estimator against an independent float64 implementation. With noise level 0, sequential minibatches and one chain it is
/// deterministic.
/// </summary>
public sealed class ReferenceExperimentTests : IDisposable
{
    private static readonly string[] Parts = ["chi", "covariance", "renormalization", "shift"];
    private readonly string _folder = Directory.CreateTempSubdirectory("curie-experiment-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, SimdWidth> Cases()
    {
        TheoryData<string, SimdWidth> data = [];
        foreach (SimdWidth width in Kernels.SupportedWidths)
        {
            data.Add("3-attention-shortformer", width);
            data.Add("2-gelu-standard", width);
        }

        return data;
    }

    /// <summary>The tolerance is relative to the standard deviation over tokens of each part: 1e-3.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_part_of_the_susceptibility_follows_the_float64_reference(string name, SimdWidth width)
    {
        using Machine machine = new(Kernels.For(width), 2);
        string source = Path.Combine(ReferenceFolder(), name);
        using ParameterSet model = ModelReader.Load(Path.Combine(source, "model"));
        SusceptibilityExperiment experiment = new(Inputs(name, model, noise: 0, draws: 12, chains: 1), machine);
        experiment.Run(_folder, resume: false, progress: null, CancellationToken.None);

        using NpzReader expected = NpzFile.Open(Path.Combine(source, "expected.npz"));
        using NpzReader actual = NpzFile.Open(Path.Combine(_folder, RunFolder.ArrayFileName));
        foreach (string part in Parts)
        {
            double[] reference = expected.Read<double>(part).ToArray();
            float[] value = actual.Read<float>(part).ToArray();
            int tokens = value.Length / experiment.Shape.Components;
            for (int component = 0; component < experiment.Shape.Components; component++)
            {
                double deviation = StandardDeviation(reference.AsSpan(component * tokens, tokens));
                for (int i = component * tokens; i < (component + 1) * tokens; i++)
                {
                    Assert.True(
                        Math.Abs(value[i] - reference[i]) <= 1e-3 * deviation,
                        $"{part}[{component}, {i % tokens}]: {value[i]} against {reference[i]}, s.d. {deviation}"
                    );
                }
            }
        }

        double[] trace = expected.Read<double>("trace_loss").ToArray();
        double[] traceValue = actual.Read<double>("trace_loss").ToArray();

        // Ten times the difference of float32 PyTorch (tests/reference/README.md).
        Assert.All(traceValue.Zip(trace), pair => Assert.InRange(pair.First - pair.Second, -5e-6, 5e-6));
        foreach (string coordinate in new[] { "token_probe", "token_row", "token_position", "token_id" })
        {
            Assert.Equal(expected.Read<long>(coordinate).ToArray(), actual.Read<int>(coordinate).ToArray().Select(id => (long)id));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_run_that_was_stopped_and_resumed_has_the_same_bytes_for_every_number_of_workers(int workers)
    {
        const string Name = "3-attention-shortformer";
        string whole = Path.Combine(_folder, "whole");
        string broken = Path.Combine(_folder, "broken");
        Run(whole, Name, 1, stopAfter: null);
        for (int stop = 1; stop < 60 && !Run(broken, Name, workers, stopAfter: stop * 3); stop++)
        {
            // Stopped; the next turn resumes.
        }

        foreach (string file in new[] { RunFolder.ArrayFileName, "manifest.json" })
        {
            Assert.True(File.ReadAllBytes(Path.Combine(whole, file)).SequenceEqual(File.ReadAllBytes(Path.Combine(broken, file))), file);
        }

        Assert.Empty(Directory.GetDirectories(broken));
    }

    [Fact]
    public void A_component_whose_state_was_lost_catches_up_with_those_it_is_sampled_beside()
    {
        const string Name = "3-attention-shortformer";
        string whole = Path.Combine(_folder, "whole");
        string broken = Path.Combine(_folder, "broken");
        Run(whole, Name, 1, stopAfter: null);
        for (int stop = 3; !Run(broken, Name, 1, stopAfter: stop); stop += 3)
        {
            // Each of two components that share a group loses its state once.
            if (stop is 27 or 54)
            {
                File.Delete(Path.Combine(broken, SusceptibilityExperiment.StateFolderName, stop == 27 ? "l2h4.state" : "l0h1.state"));
            }
        }

        Assert.True(
            File.ReadAllBytes(Path.Combine(whole, RunFolder.ArrayFileName))
                .SequenceEqual(File.ReadAllBytes(Path.Combine(broken, RunFolder.ArrayFileName)))
        );
    }

    [Fact]
    public void A_component_has_the_same_bits_alone_and_beside_others()
    {
        using Machine machine = new(Kernels.For(Kernels.SupportedWidths.Max()), 2);
        const string Name = "3-attention-shortformer";
        using ParameterSet model = ModelReader.Load(Path.Combine(ReferenceFolder(), Name, "model"));
        SusceptibilityInputs inputs = Inputs(Name, model, noise: 1, draws: 4, chains: 2);
        string together = Path.Combine(_folder, "together");
        string alone = Path.Combine(_folder, "alone");
        Directory.CreateDirectory(together);
        Directory.CreateDirectory(alone);
        new SusceptibilityExperiment(inputs, machine).Run(together, false, null, CancellationToken.None);
        Component last = inputs.Components[^1];
        new SusceptibilityExperiment(inputs with { Components = [last] }, machine).Run(alone, false, null, CancellationToken.None);

        SusceptibilityData all = RunFolder.Read(together).Data;
        SusceptibilityData one = RunFolder.Read(alone).Data;
        foreach (ResponsePart part in ResponsePart.All)
        {
            Assert.Equal(all.Response.Values(part)[^one.Tokens.Count..], one.Response.Values(part));
            Assert.Equal(all.Response.StandardErrors(part)[^one.Tokens.Count..], one.Response.StandardErrors(part));
        }

        int place = inputs.Components.Count - 1;
        Assert.Equal(all.Levels!.Gaussian.Of(place), one.Levels!.Gaussian.Of(1));
        Assert.Equal(all.Levels.Covariance.Of(place), one.Levels.Covariance.Of(1));
        Assert.Equal(all.Levels.Loss.Of(place), one.Levels.Loss.Of(1));
    }

    [Fact]
    public void Slopes_of_learning_coefficients_are_made_of_the_probes_shift_and_covariance()
    {
        using Machine machine = new(Kernels.For(Kernels.SupportedWidths.Max()), 2);
        const string Name = "3-attention-shortformer";
        using ParameterSet model = ModelReader.Load(Path.Combine(ReferenceFolder(), Name, "model"));
        SusceptibilityInputs inputs = Inputs(Name, model, noise: 1, draws: 6, chains: 2);
        new SusceptibilityExperiment(inputs, machine).Run(_folder, false, null, CancellationToken.None);
        SusceptibilityData data = RunFolder.Read(_folder).Data;
        double nBeta = inputs.Sampling.NBeta;
        for (int component = 0; component < data.Shape.Components; component++)
        {
            for (int probe = 0; probe < data.Shape.Probes; probe++)
            {
                int i = (component * data.Shape.Probes) + probe;
                double init =
                    data.Tokens.InitLoss.Where((_, token) => data.Tokens.Probe[token] == probe).Average(loss => (double)loss)
                    - data.InitLossMean;
                double slope =
                    (nBeta * (data.Dataset.Values(ResponsePart.Shift)[i] - init))
                    + (nBeta * nBeta * data.Dataset.Values(ResponsePart.Covariance)[i]);

                // All in float64; the loss at w* of some nats is taken off and put back.
                Assert.Equal(slope, data.Slopes!.Values[i], 1e-9);
                Assert.True(data.Slopes.StandardErrors[i] > 0);
            }
        }

        Assert.Equal(data.Response.Values(ResponsePart.Covariance).Length, data.Alignment!.Length);
    }

    [Fact]
    public void The_first_level_of_the_covariance_is_the_response_of_chains_that_hardly_feel_the_loss()
    {
        using Machine machine = new(Kernels.For(Kernels.SupportedWidths.Max()), 2);
        const string Name = "3-attention-shortformer";
        using ParameterSet model = ModelReader.Load(Path.Combine(ReferenceFolder(), Name, "model"));
        SusceptibilityInputs inputs = Inputs(Name, model, noise: 1, draws: 40, chains: 8);

        // εκ = .8: the product of the same Gaussian is larger than the response by 1/(1 − .2) of linear losses and by 1/(1 − .4) of
        // quadratic ones, which would be seen.
        inputs = inputs with
        {
            Components = new ComponentParser(model.Layout).ParseAll(["l0h1", "l2h4"]),
            Sampling = inputs.Sampling with { NBeta = 1e-9, Localization = 400, StepSize = 0.002, StepsBetweenDraws = 4 },
            GaussianPairs = 64,
        };
        new SusceptibilityExperiment(inputs, machine).Run(_folder, false, null, CancellationToken.None);
        SusceptibilityData data = RunFolder.Read(_folder).Data;
        for (int component = 0; component < data.Shape.Components; component++)
        {
            (double product, double square, double chainNoise, double gaussianNoise) = (0, 0, 0, 0);
            for (int i = 0; i < data.Tokens.Count; i++)
            {
                int place = (component * data.Tokens.Count) + i;
                double gaussian = data.Levels!.Covariance.Of(component + 1)[i];
                double chain = data.Response.Values(ResponsePart.Covariance)[place];
                product += gaussian * chain;
                square += gaussian * gaussian;
                chainNoise += Math.Pow(data.Response.StandardErrors(ResponsePart.Covariance)[place], 2);
                gaussianNoise += Math.Pow(data.Levels.Covariance.ErrorsOf(component + 1)[i], 2);
            }

            // By Cauchy and Schwarz the noise moves the slope by no more than its own size, were all tokens' errors one and the same.
            double error = Math.Sqrt((chainNoise + gaussianNoise) / square);
            Assert.InRange(error, 0, 0.05);
            Assert.Equal(1, product / (square - gaussianNoise), 4 * error);
        }
    }

    private static double StandardDeviation(ReadOnlySpan<double> values)
    {
        double mean = 0;
        foreach (double value in values)
        {
            mean += value / values.Length;
        }

        double squares = 0;
        foreach (double value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return Math.Sqrt(squares / values.Length);
    }

    private static string ReferenceFolder()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !Directory.Exists(Path.Combine(folder.FullName, "tests", "reference", "data")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder!.FullName, "tests", "reference", "data", "susceptibility");
    }

    /// <summary>The settings of the case's experiment.yaml, with what a test varies.</summary>
    private static SusceptibilityInputs Inputs(string name, ParameterSet model, double noise, int draws, int chains)
    {
        string source = Path.Combine(ReferenceFolder(), name);
        string[] components = name.StartsWith('3') ? ["full", "l0h1", "l1h2", "l2h4"] : ["full", "l0h1", "l1h4"];
        return new SusceptibilityInputs
        {
            Model = model,
            Data = TokenRows.Load(Path.Combine(source, "pile.npy")),
            Components = new ComponentParser(model.Layout).ParseAll(components),
            Probes =
            [
                new ProbeInput { Name = "near", Rows = TokenRows.Load(Path.Combine(source, "near.npy")) },
                new ProbeInput
                {
                    Name = "far",
                    Rows = TokenRows.Load(Path.Combine(source, "far.npy")),
                    RowLimit = 2,
                },
            ],
            Sampling = new SamplingOptions
            {
                StepSize = 0.006,
                NBeta = 100,
                Localization = 10,
                NoiseLevel = noise,
                Chains = chains,
                Antithetic = noise > 0 && chains % 2 == 0,
                Draws = draws,
                BurnIn = 2,
                StepsBetweenDraws = 2,
            },
            BatchSize = 3,
            Order = RowOrder.Sequential,
            LossRows = 7,
            Configuration = JsonSerializer.SerializeToElement(name),
            Fingerprint = name,
        };
    }

    private static bool Run(string folder, string name, int workers, int? stopAfter)
    {
        Directory.CreateDirectory(folder);
        using Machine machine = new(Kernels.For(Kernels.SupportedWidths.Max()), workers);
        using ParameterSet model = ModelReader.Load(Path.Combine(ReferenceFolder(), name, "model"));
        SusceptibilityInputs inputs = Inputs(name, model, noise: 1, draws: 5, chains: 2) with
        {
            Components = new ComponentParser(model.Layout).ParseAll(["l0h1", "l1h2", "l2h3", "l0h2", "l2h4"]),
        };
        SusceptibilityExperiment experiment = new(inputs, machine);
        using CancellationTokenSource stop = new();
        StopAfter progress = new(stopAfter, stop);
        try
        {
            experiment.Run(folder, resume: true, progress, stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
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
