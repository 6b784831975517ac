using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Files;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;
using Curie.Tests;
using Curie.Text.Packing;

namespace Curie.Sampling.Tests.Networks;

/// <summary>Learning coefficients of the components of a small transformer.</summary>
public sealed class LearningCoefficientExperimentTests : IDisposable
{
    private const int LossRows = 5;

    private static readonly SamplingOptions Options = new()
    {
        StepSize = 0.01,
        NBeta = 20,
        Localization = 50,
        Chains = 2,
        Draws = 6,
        BurnIn = 1,
        StepsBetweenDraws = 2,
    };

    private readonly ParameterSet _model = ModelFolder.Load(Path.Combine(ReferenceFiles.Susceptibility("2-gelu-standard"), "model"));
    private readonly TokenRows _data = TokenRows.Load(Path.Combine(ReferenceFiles.Susceptibility("2-gelu-standard"), "pile.npy"));

    public void Dispose()
    {
        _model.Dispose();
        _data.Dispose();
    }

    /// <summary>
    /// The experiment evaluates draws with everything before the component frozen; the truth is a plain evaluation of a whole set of
    /// parameters. They may differ by the order of float64 sums of at most 180 terms, so by less than 1e-13 relative.
    /// </summary>
    [Theory]
    [InlineData("full")]
    [InlineData("l1h0")]
    [InlineData("l0.mlp+l1h1")]
    public void A_coefficient_and_its_row_error_are_those_of_plainly_evaluated_draws(string name)
    {
        ComponentCoefficient measured = Assert.Single(Run(Inputs(name)));

        Component component = Parse(name);
        DrawKeeper keeper = new(Options.Chains);
        using WorkerPool pool = new(1);
        using TransformerEvaluator evaluator = new(_model.Layout.Config, TestRun.Kernels, pool);
        using RestrictedNetwork network = new(_model, component, TestRun.Kernels, pool);
        NetworkLossSurface surface = new(network, evaluator, _data, RowOrder.Shuffled, 3, Options.Chains, Options.Seed);
        ChainRunner.Run(new SampledComponent(name, surface, 0), Options, keeper, TestRun.Kernels, pool);

        double[] init = PlainRowMeans(component, null, evaluator, pool);
        double[] rowSums = new double[LossRows];
        double sum = 0;
        for (int chain = 0; chain < Options.Chains; chain++)
        {
            for (int draw = 0; draw < Options.Draws; draw++)
            {
                double[] rows = PlainRowMeans(component, keeper.Draws[chain][draw], evaluator, pool);
                Assert.Equal(rows.Average(), measured.Report.Trace[chain][draw], 1e-12);
                sum += rows.Average();
                for (int row = 0; row < LossRows; row++)
                {
                    rowSums[row] += rows[row];
                }
            }
        }

        int draws = Options.Chains * Options.Draws;
        double[] differences = [.. rowSums.Zip(init, (total, start) => (total / draws) - start)];
        double variance = differences.Sum(difference => Math.Pow(difference - differences.Average(), 2)) / (LossRows - 1);
        Assert.Equal(init.Average(), measured.Report.InitLoss, 1e-12);
        Assert.Equal(Options.NBeta * ((sum / draws) - init.Average()), measured.Coefficient!.Value, 1e-10);
        Assert.Equal(Options.NBeta * Math.Sqrt(variance / LossRows), measured.Coefficient.RowError!.Value, 1e-10);
    }

    [Fact]
    public void Without_noise_and_with_rows_in_order_neither_chain_nor_seed_matters()
    {
        LearningCoefficientInputs inputs = Inputs("l0h1") with { Order = RowOrder.Sequential, Sampling = Options with { NoiseLevel = 0 } };
        IReadOnlyList<double[]> one = Assert.Single(Run(inputs)).Report.Trace;
        IReadOnlyList<double[]> other = Assert.Single(Run(inputs with { Sampling = inputs.Sampling with { Seed = 9 } })).Report.Trace;
        Assert.Equal(one[0], one[1]);
        Assert.Equal(one[0], other[0]);
        Assert.NotEqual(one[0][0], one[0][1]);
    }

    [Fact]
    public void Any_number_of_workers_gives_the_same_bits()
    {
        LearningCoefficientInputs inputs = Inputs("full", "l1h0");
        IReadOnlyList<ComponentCoefficient> one = Run(inputs);
        foreach (int workers in new[] { 2, 3 })
        {
            IReadOnlyList<ComponentCoefficient> several = Run(inputs, workers);
            for (int i = 0; i < one.Count; i++)
            {
                Assert.Equal(one[i].Report.Trace, several[i].Report.Trace);
                Assert.Equal(one[i].Report.Distances, several[i].Report.Distances);
                Assert.Equal(one[i].Coefficient, several[i].Coefficient);
            }
        }
    }

    [Fact]
    public void Sampling_a_component_leaves_the_checkpoint_and_every_other_parameter_alone_bit_for_bit()
    {
        float[] before = _model.Values.ToArray();
        Run(Inputs("l0h1", "full"));
        Assert.Equal(before, _model.Values.ToArray());

        Component component = Parse("l0h1");
        using WorkerPool pool = new(1);
        using RestrictedNetwork network = new(_model, component, TestRun.Kernels, pool);
        network.Load([.. Enumerable.Repeat(7f, component.Restriction.Dimension)]);
        bool[] varies = new bool[before.Length];
        foreach (ParameterSegment segment in component.Restriction.Segments)
        {
            Array.Fill(varies, true, segment.Start, segment.Length);
        }

        Assert.Equal(before.Select((value, i) => varies[i] ? 7f : value), network.Weights.Parameters.Values.ToArray());
    }

    [Fact]
    public void Row_means_leave_out_the_draws_of_excluded_chains()
    {
        Component component = Parse("l1h1");
        using WorkerPool pool = new(1);
        using TransformerEvaluator evaluator = new(_model.Layout.Config, TestRun.Kernels, pool);
        using RestrictedNetwork network = new(_model, component, TestRun.Kernels, pool);
        using EvaluationRows rows = new(evaluator, network, _data, [0, 1, 2], frozenMemory: 0);
        LearningCoefficientObserver observer = new(network, rows, chains: 2);
        float[] near = new float[component.Restriction.Dimension];
        network.CopyOrigin(near);
        observer.Observe(0, 0, [.. Enumerable.Repeat(3f, near.Length)]);
        Assert.False(double.IsFinite(observer.Observe(0, 1, [.. Enumerable.Repeat(float.NaN, near.Length)])));
        observer.Observe(1, 0, near);
        Assert.Equal(observer.LastRowMeans.ToArray(), observer.RowMeans([1]));
        Assert.All(observer.RowMeans([0, 1]), mean => Assert.True(double.IsFinite(mean)));
    }

    [Fact]
    public void A_component_whose_chains_all_stop_has_no_coefficient_and_the_others_keep_theirs()
    {
        // Without localisation every update moves each of full's weights, layer norms included, by about 100.
        LearningCoefficientInputs inputs = Inputs("full") with { Sampling = Options with { Localization = 0, NBeta = 0, NoiseLevel = 1000 } };
        ComponentCoefficient stopped = Assert.Single(Run(inputs));
        Assert.Null(stopped.Coefficient);
        Assert.Equal(Options.Chains, stopped.Report.Failures.Count);
        Assert.NotNull(Assert.Single(Run(Inputs("full"))).Coefficient);
    }

    [Fact]
    public void Settings_out_of_range_are_refused_before_any_work()
    {
        Assert.Contains("chains", Refused(Inputs("full") with { Sampling = Options with { Chains = 0 } }), StringComparison.Ordinal);
        Assert.Contains("batch_size", Refused(Inputs("full") with { BatchSize = 0 }), StringComparison.Ordinal);
        Assert.Contains("components", Refused(Inputs()), StringComparison.Ordinal);

        string Refused(LearningCoefficientInputs inputs) => Assert.Throws<InputException>(() => Run(inputs)).Message;
    }

    private static IReadOnlyList<ComponentCoefficient> Run(LearningCoefficientInputs inputs, int workers = 1)
    {
        using WorkerPool pool = new(workers);
        return new LearningCoefficientExperiment(inputs, TestRun.Kernels, pool).Run(null, CancellationToken.None);
    }

    private Component Parse(string name) => new ComponentParser(_model.Layout).Parse(name);

    private LearningCoefficientInputs Inputs(params string[] components) => new()
    {
        Model = _model,
        Data = _data,
        Components = [.. components.Select(Parse)],
        Sampling = Options,
        BatchSize = 3,
        LossRows = LossRows,
    };

    /// <summary>Each loss row's mean under w* with the component at <paramref name="w"/>, from a whole set of parameters.</summary>
    private double[] PlainRowMeans(Component component, float[]? w, TransformerEvaluator evaluator, WorkerPool pool)
    {
        using ParameterSet parameters = _model.Clone();
        component.Restriction.Scatter(w ?? Gather(component), parameters);
        using TransformerWeights weights = new(parameters, TestRun.Kernels, pool);
        return [.. Enumerable.Range(0, LossRows).Select(row => evaluator.MeanLoss(weights, _data, [row]))];
    }

    private float[] Gather(Component component)
    {
        float[] w = new float[component.Restriction.Dimension];
        component.Restriction.Gather(_model, w);
        return w;
    }

    /// <summary>Keeps the weights of every draw.</summary>
    private sealed class DrawKeeper(int chains) : IDrawObserver
    {
        public List<float[]>[] Draws { get; } = [.. Enumerable.Range(0, chains).Select(_ => new List<float[]>())];

        public double Observe(int chain, int draw, ReadOnlySpan<float> w)
        {
            Draws[chain].Add(w.ToArray());
            return 0;
        }
    }
}
