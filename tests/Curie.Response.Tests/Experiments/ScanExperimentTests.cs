using System.Text.Json;
using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Random;
using Curie.Response.Estimators;
using Curie.Response.Experiments;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Tests;
using Curie.Text.Packing;

namespace Curie.Response.Tests.Experiments;

/// <summary>
/// The localisation's Gaussian alone, against a plain loop over the same draws, and that its bits depend on nothing else.
/// </summary>
public sealed class ScanExperimentTests : IDisposable
{
    private static readonly Kernels Widest = Kernels.For(Kernels.SupportedWidths.Max());
    private readonly List<IDisposable> _owned = [];

    public void Dispose() => _owned.ForEach(owned => owned.Dispose());

    /// <summary>
    /// A shortcut's losses are within 2e-5 nats of the whole network's, and the excess is made of four: ℓ and P at the draw and at w*. The
    /// spread over tokens is held to
    /// twenty times that, so that agreement is no accident.
    /// </summary>
    [Theory]
    [InlineData("3-attention-shortformer", 11, true, "l0h1", "l1h2", "l2h4")]
    [InlineData("3-attention-shortformer", 5, false, "l1h0+l2h1", "l2h0")]
    [InlineData("2-gelu-standard", 16, true, "l0h1", "l1h4", "l1.mlp")]
    public void The_excess_is_that_of_a_plain_loop_over_the_same_draws(string name, int pairs, bool hasData, params string[] components)
    {
        const double Tolerance = 4 * 2e-5;
        ScanInputs inputs = Inputs(name, pairs, hasData, components);
        SusceptibilityRun run = Scan(inputs, workers: 2);
        Assert.Equal(pairs, run.Manifest.Shape.Units * run.Manifest.Shape.Draws);
        double[] values = new double[run.Manifest.Shape.Tokens];
        for (int row = 0; row < components.Length; row++)
        {
            double[] expected = PlainExcess(inputs, inputs.Components[row], pairs);
            Array
                .ConvertAll(run.Data.Response.Values(ResponsePart.Excess).AsSpan(row * values.Length, values.Length).ToArray(), value =>
                    (double)value
                )
                .CopyTo(values, 0);
            for (int i = 0; i < values.Length; i++)
            {
                Assert.Equal(expected[i], values[i], Tolerance);
            }

            Assert.True(Deviation(values) > 20 * Tolerance, $"{components[row]}: {Deviation(values)}");
        }
    }

    [Theory]
    [InlineData("3-attention-shortformer", "l0h1", "l0h2", "l1h2", "l2h4", "l2h0")]
    [InlineData("2-gelu-standard", "l0h1", "l0h3", "l1h4", "l1h0", "l1.mlp")]
    public void Workers_memory_and_company_change_no_bit(string name, params string[] components)
    {
        ScanInputs inputs = Inputs(name, 16, hasData: true, components);
        SusceptibilityRun reference = Scan(inputs, workers: 1);
        int tokens = reference.Manifest.Shape.Tokens;
        AssertSame(reference, Scan(inputs, workers: 3));
        AssertSame(reference, Scan(inputs with { Memory = Least(inputs) }, workers: 2));
        for (int row = 0; row < components.Length; row++)
        {
            SusceptibilityRun alone = Scan(inputs with { Components = [inputs.Components[row]] }, workers: 2);
            foreach (ResponsePart part in reference.Data.Parts)
            {
                Assert.Equal(reference.Data.Response.Values(part)[(row * tokens)..((row + 1) * tokens)], alone.Data.Response.Values(part));
                Assert.Equal(
                    reference.Data.Response.StandardErrors(part)[(row * tokens)..((row + 1) * tokens)],
                    alone.Data.Response.StandardErrors(part)
                );
            }
        }

        SusceptibilityRun other = Scan(inputs with { Sampling = inputs.Sampling with { Seed = 2 } }, workers: 2);
        Assert.NotEqual(reference.Data.Response.Values(ResponsePart.Excess), other.Data.Response.Values(ResponsePart.Excess));
    }

    /// <summary>
    /// Without rows of its own P is the mean over the followed tokens, so the excess has mean zero: up to the rounding of 180 floats of at
    /// most one.
    /// </summary>
    [Fact]
    public void Without_data_the_excess_has_mean_zero_over_all_tokens()
    {
        SusceptibilityRun run = Scan(Inputs("3-attention-shortformer", 8, hasData: false, "heads"), workers: 2);
        int tokens = run.Manifest.Shape.Tokens;
        foreach (float[] row in run.Data.Response.Values(ResponsePart.Excess).Chunk(tokens))
        {
            Assert.InRange(row.Max(Math.Abs), 1e-4, 1);
            Assert.Equal(0, row.Average(value => (double)value), 1e-7);
        }

        Assert.True(run.Data.InitLossMeanStandardError > 0);
        Assert.Equal(run.Data.Tokens.InitLoss.Average(loss => (double)loss), run.Data.InitLossMean, 1e-9);
    }

    [Fact]
    public void What_belongs_to_full_is_missing_and_said()
    {
        SusceptibilityRun run = Scan(Inputs("3-attention-shortformer", 12, hasData: true, "full", "l0h1"), workers: 1);
        Assert.Equal(["l0h1"], run.Manifest.Components);
        Assert.True(run.Manifest.Scan);
        Assert.Equal(
            (12, 6, 2, 2),
            (run.Manifest.Shape.Chains, run.Manifest.Shape.Units, run.Manifest.Shape.Draws, run.Manifest.Shape.Batches)
        );
        Assert.All(run.Data.FullShift.Concat(run.Data.FullExcess), value => Assert.True(float.IsNaN(value)));
        Assert.True(double.IsNaN(run.Data.Trace(0, 3)[0]));
        Assert.Contains("not sampled", Assert.Single(run.Manifest.Health[0].Notes), StringComparison.Ordinal);
        Assert.Equal(run.Data.TraceLoss[24..].Average(), run.Manifest.Health[1].Diagnostics["mean_loss"]!.Value, 1e-12);
        Assert.Equal(11, run.Manifest.DegreesOfFreedom(ResponsePart.Excess, 0));
    }

    /// <summary>
    /// No prediction sees what comes after it: the first positions alone are those of rows cut off behind them, with the tolerance of a
    /// plain loop, and all of them change no bit. The mask of the data leaves the probes alone.
    /// </summary>
    [Fact]
    public void Positions_that_do_not_count_are_as_if_they_were_not_there()
    {
        const double Tolerance = 4 * 2e-5;
        ScanInputs inputs = Inputs("3-attention-shortformer", 8, hasData: true, "l0h1", "l1h2", "l2h4", "l1.attn");
        int length = inputs.Data!.ContextLength;
        int kept = length / 3;
        CountedPositions first = CountedPositions.OfEveryRow([.. Enumerable.Range(0, length - 1).Select(position => position < kept)]);
        SusceptibilityRun counted = Scan(
            inputs with
            {
                CountedPositions = first,
                Probes = [.. inputs.Probes.Select(probe => probe with { CountedPositions = first })],
            },
            workers: 2
        );
        SusceptibilityRun cut = Scan(
            inputs with
            {
                Data = Cut(inputs.Data),
                Probes = [.. inputs.Probes.Select(probe => probe with { Rows = Cut(probe.Rows) })],
            },
            workers: 2
        );
        Assert.Equal(cut.Manifest.Shape.Tokens, counted.Manifest.Shape.Tokens);
        Assert.Equal(cut.Data.Tokens.Position, counted.Data.Tokens.Position);
        Assert.Equal(cut.Data.InitLossMean, counted.Data.InitLossMean, 2e-5);
        Assert.Equal(cut.Data.InitLossMeanStandardError, counted.Data.InitLossMeanStandardError, 2e-5);
        float[] expected = cut.Data.Response.Values(ResponsePart.Excess);
        float[] actual = counted.Data.Response.Values(ResponsePart.Excess);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
        Assert.True(Deviation(Array.ConvertAll(expected, value => (double)value)) > 20 * Tolerance);

        CountedPositions all = CountedPositions.OfRows([.. Enumerable.Repeat(true, inputs.Data.Count * (length - 1))], length - 1);
        AssertSame(Scan(inputs, workers: 1), Scan(inputs with { CountedPositions = all }, workers: 1));

        TokenRows Cut(TokenRows rows) =>
            Own(new TokenRows([.. Enumerable.Range(0, rows.Count).SelectMany(row => rows.Row(row).Take(kept + 1))], kept + 1));
    }

    /// <summary>ln 30 of a uniform predictor, where the tokens are 50.</summary>
    [Fact]
    public void The_null_line_counts_the_outputs_and_not_the_tokens()
    {
        ParameterSet model = Own(
            new ParameterSet(
                new ParameterLayout(
                    new TransformerConfig
                    {
                        Layers = 1,
                        ModelWidth = 8,
                        Heads = 2,
                        HeadWidth = 4,
                        ContextLength = 5,
                        Vocabulary = 50,
                        OutputVocabulary = 30,
                    }
                )
            )
        );
        TokenRows rows = Own(new TokenRows([49, 1, 2, 3, 4, 48, 29, 28, 27, 26], 5));
        SusceptibilityRun run = Scan(
            Inputs("3-attention-shortformer", 4, hasData: true, "l0h1") with
            {
                Model = model,
                Components = new ComponentParser(model.Layout).ParseAll(["l0h1"]),
                Data = rows,
                LossRows = 2,
                Probes = [new ProbeInput { Name = "probe", Rows = rows }],
            },
            workers: 1
        );
        Assert.Equal(Math.Log(30), run.Manifest.Health[1].Diagnostics["null_loss"]);
    }

    [Fact]
    public void Too_little_memory_is_refused_and_a_stopped_scan_stops()
    {
        ScanInputs inputs = Inputs("3-attention-shortformer", 8, hasData: true, "heads");
        Assert.Contains(
            "raise `memory`",
            Assert.Throws<InputException>(() => Scan(inputs with { Memory = 1 << 20 }, workers: 1)).Message,
            StringComparison.Ordinal
        );
        using CancellationTokenSource stop = new();
        using Machine machine = new(Widest, 1);
        ScanExperiment scan = new(inputs, machine);
        Progress follower = new(value => stop.Cancel());
        Assert.Throws<OperationCanceledException>(() => scan.Run(follower, stop.Token));
        Progress counted = new(_ => { });
        scan.Run(counted, CancellationToken.None);
        Assert.Equal(scan.TokenEvaluations, counted.Last);
    }

    /// <summary>The least memory that is not refused, to a megabyte.</summary>
    private static long Least(ScanInputs inputs)
    {
        using Machine machine = new(Widest, 2);
        long memory = 1 << 20;
        for (; ; memory += 1 << 20)
        {
            try
            {
                _ = new ScanExperiment(inputs with { Memory = memory }, machine);
                return memory;
            }
            catch (InputException)
            {
                // More is needed.
            }
        }
    }

    private static void AssertSame(SusceptibilityRun expected, SusceptibilityRun actual)
    {
        foreach (ResponsePart part in expected.Data.Parts)
        {
            Assert.Equal(expected.Data.Response.Values(part), actual.Data.Response.Values(part));
            Assert.Equal(expected.Data.Dataset.StandardErrors(part), actual.Data.Dataset.StandardErrors(part));
        }

        Assert.Equal(expected.Data.Batches!.Shift, actual.Data.Batches!.Shift);
        Assert.Equal(expected.Data.TraceLoss, actual.Data.TraceLoss);
    }

    private static SusceptibilityRun Scan(ScanInputs inputs, int workers)
    {
        using Machine machine = new(Widest, workers);
        return new ScanExperiment(inputs, machine).Run(null, CancellationToken.None);
    }

    /// <summary>
    /// The same mean from the whole network at every draw, with a draw made as documented: w* ± σ0·(ρ·z + √(1 − ρ²)·z'), ρ = a^(k+1) with
    /// geometric k.
    /// </summary>
    private static double[] PlainExcess(ScanInputs inputs, Component component, int pairs)
    {
        using Machine machine = new(Widest, 2);
        using TransformerEvaluator evaluator = new(inputs.Model.Layout.Config, machine);
        using ParameterSet moved = inputs.Model.Clone();
        int dimension = component.Restriction.Dimension;
        float[] origin = new float[dimension];
        component.Restriction.Gather(inputs.Model, origin);
        (double[] atOrigin, double meanAtOrigin) = Losses(inputs, evaluator, moved, machine);
        PhiloxKey key = PhiloxKey.Derive(inputs.Sampling.Seed, RandomPurpose.GaussianDraws, component.Name);
        PhiloxStream uniform = new(PhiloxKey.Derive(inputs.Sampling.Seed, RandomPurpose.GaussianDraws, component.Name, chain: 1));
        double deviation = Math.Sqrt(
            1 / (inputs.Sampling.Localization * (1 - (inputs.Sampling.StepSize * inputs.Sampling.Localization / 4)))
        );
        double contraction = 1 - (inputs.Sampling.StepSize * inputs.Sampling.Localization / 2);
        float[] first = new float[dimension];
        float[] second = new float[dimension];
        float[] weights = new float[dimension];
        double[] excess = new double[atOrigin.Length];
        for (int pair = 0; pair < pairs; pair++)
        {
            Widest.FillGaussian(key, 2L * pair, 0, first);
            Widest.FillGaussian(key, (2L * pair) + 1, 0, second);
            uniform.Restart((ulong)pair);
            double correlation = Math.Pow(contraction, Math.Floor(Math.Log(1 - uniform.NextDouble()) / Math.Log(contraction)) + 1);
            foreach (int sign in new[] { 1, -1 })
            {
                for (int i = 0; i < dimension; i++)
                {
                    weights[i] = (float)(
                        origin[i]
                        + (sign * deviation * ((correlation * first[i]) + (Math.Sqrt(1 - (correlation * correlation)) * second[i])))
                    );
                }

                component.Restriction.Scatter(weights, moved);
                (double[] losses, double mean) = Losses(inputs, evaluator, moved, machine);
                for (int i = 0; i < excess.Length; i++)
                {
                    excess[i] += (losses[i] - atOrigin[i] - (mean - meanAtOrigin)) / (2 * pairs);
                }
            }
        }

        return excess;
    }

    private static (double[] Tokens, double Mean) Losses(
        ScanInputs inputs,
        TransformerEvaluator evaluator,
        ParameterSet model,
        Machine machine
    )
    {
        using TransformerWeights weights = new(model, machine);
        List<double> tokens = [];
        foreach (ProbeInput probe in inputs.Probes)
        {
            int rows = Math.Min(probe.RowLimit ?? probe.Rows.Count, probe.Rows.Count);
            float[] losses = new float[rows * (probe.Rows.ContextLength - 1)];
            evaluator.TokenLosses(weights, probe.Rows, [.. Enumerable.Range(0, rows)], losses, new double[rows]);
            tokens.AddRange(losses.Select(loss => (double)loss));
        }

        double mean = inputs.Data is { } data
            ? evaluator.MeanLoss(weights, data, [.. Enumerable.Range(0, inputs.LossRows!.Value)])
            : tokens.Average();
        return ([.. tokens], mean);
    }

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    private ScanInputs Inputs(string name, int pairs, bool hasData, params string[] components)
    {
        string source = ReferenceFiles.Susceptibility(name);
        ParameterSet model = Own(ModelReader.Load(Path.Combine(source, "model")));
        return new ScanInputs
        {
            Model = model,
            Components = new ComponentParser(model.Layout).ParseAll(components),
            Data = hasData ? Own(TokenRows.Load(Path.Combine(source, "pile.npy"))) : null,
            LossRows = 7,
            Probes =
            [
                new ProbeInput { Name = "near", Rows = Own(TokenRows.Load(Path.Combine(source, "near.npy"))) },
                new ProbeInput
                {
                    Name = "far",
                    Rows = Own(TokenRows.Load(Path.Combine(source, "far.npy"))),
                    RowLimit = 2,
                },
            ],
            Sampling = new SamplingOptions { Localization = 30 },
            Pairs = pairs,
            Configuration = JsonSerializer.SerializeToElement(name),
            Fingerprint = name,
        };
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    private sealed class Progress(Action<long> report) : IProgress<long>
    {
        public long Last { get; private set; }

        public void Report(long value)
        {
            Last = value;
            report(value);
        }
    }
}
