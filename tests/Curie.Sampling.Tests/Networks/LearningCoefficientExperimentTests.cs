using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
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

    private readonly ParameterSet _model = ModelReader.Load(Path.Combine(ReferenceFiles.Susceptibility("2-gelu-standard"), "model"));
    private readonly TokenRows _data = TokenRows.Load(Path.Combine(ReferenceFiles.Susceptibility("2-gelu-standard"), "pile.npy"));

    public void Dispose()
    {
        _model.Dispose();
        _data.Dispose();
    }

    /// <summary>
    /// The experiment evaluates draws with everything before the component frozen; the truth is a plain evaluation of a whole set of
    /// parameters. They may differ by the order of float64 sums of at most 180 terms, so by less than 1e-13 relative; a head, which is
    /// taken
    /// out of a float32 residual stream and put back, by that rounding, 1e-7 of each of many losses of both signs.
    /// </summary>
    [Theory]
    [InlineData("full", 1e-12)]
    [InlineData("l1h0", 2e-7)]
    [InlineData("l0.mlp+l1h1", 1e-12)]
    public void A_coefficient_and_its_row_error_are_those_of_plainly_evaluated_draws(string name, double tolerance)
    {
        ComponentCoefficient measured = Assert.Single(Run(Inputs(name)));

        Component component = Parse(name);
        DrawKeeper keeper = new(Options.Chains);
        using Machine machine = Machine.Create(1);
        using TransformerEvaluator evaluator = new(_model.Layout.Config, machine);
        using FrozenNetwork network = new(_model, evaluator);
        using IRestrictedGroup group = RestrictedGroups.Create(network, [component], slots: 1);
        using NetworkSurfaces surfaces = new(group, _data, RowOrder.Shuffled, 3, Options.Chains, Options.Seed);
        ChainRunner.Run(new SampledComponent(name, surfaces.Surfaces[0], 0), Options, keeper, machine);

        double[] init = PlainRowMeans(component, null, evaluator, machine);
        double[] rowSums = new double[LossRows];
        double sum = 0;
        for (int chain = 0; chain < Options.Chains; chain++)
        {
            for (int draw = 0; draw < Options.Draws; draw++)
            {
                double[] rows = PlainRowMeans(component, keeper.Draws[chain][draw], evaluator, machine);
                Assert.Equal(rows.Average(), measured.Report.Trace[chain][draw], tolerance);
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
        Assert.Equal(init.Average(), measured.Report.InitLoss, tolerance);
        Assert.Equal(Options.NBeta * ((sum / draws) - init.Average()), measured.Coefficient!.Value, 2 * Options.NBeta * tolerance);
        Assert.Equal(Options.NBeta * Math.Sqrt(variance / LossRows), measured.Coefficient.RowError!.Value, 2 * Options.NBeta * tolerance);
    }

    /// <summary>
    /// No prediction sees what comes after it, so that the first positions alone have the posterior of rows cut off behind them. Losses
    /// and gradients are float32 sums in another order, 1e-6 apart, and so are draws after a few steps of small size; ten times that.
    /// </summary>
    [Theory]
    [InlineData("full")]
    [InlineData("l0h1")]
    [InlineData("l1h0")]
    public void The_first_positions_alone_are_rows_cut_off_behind_them(string name)
    {
        int kept = (_data.ContextLength - 1) / 2;
        using TokenRows cut = new([.. Enumerable.Range(0, _data.Count).SelectMany(row => _data.Row(row).Take(kept + 1))], kept + 1);
        LearningCoefficientInputs inputs = Inputs(name);
        ComponentCoefficient whole = Assert.Single(Run(inputs));
        ComponentCoefficient counted = Assert.Single(
            Run(
                inputs with
                {
                    CountedPositions = CountedPositions.OfEveryRow([
                        .. Enumerable.Range(0, _data.ContextLength - 1).Select(position => position < kept),
                    ]),
                }
            )
        );
        ComponentCoefficient ofCut = Assert.Single(Run(inputs with { Data = cut }));
        Assert.Equal(ofCut.Report.InitLoss, counted.Report.InitLoss, 1e-5);
        Assert.All(ofCut.Report.Trace.SelectMany(trace => trace).Zip(counted.Report.Trace.SelectMany(trace => trace)), pair =>
            Assert.Equal(pair.First, pair.Second, 1e-5)
        );
        Assert.Equal(ofCut.Coefficient!.RowError!.Value, counted.Coefficient!.RowError!.Value, Options.NBeta * 1e-5);
        Assert.True(Math.Abs(whole.Report.InitLoss - counted.Report.InitLoss) > 1e-3);
    }

    /// <summary>P is the mean over the counted tokens of all loss rows, however many each has.</summary>
    [Fact]
    public void Rows_count_by_their_positions()
    {
        int positions = _data.ContextLength - 1;
        bool[] marks = [.. Enumerable.Range(0, _data.Count * positions).Select(i => i / positions != 2 && i % (3 + (i / positions)) == 1)];
        CountedPositions counted = CountedPositions.OfRows(marks, positions);
        ComponentCoefficient measured = Assert.Single(Run(Inputs("l1h0") with { CountedPositions = counted }));
        using Machine machine = Machine.Create(1);
        using TransformerEvaluator evaluator = new(_model.Layout.Config, machine);
        using TransformerWeights weights = new(_model, machine);
        float[] losses = new float[LossRows * positions];
        int[] rows = [.. Enumerable.Range(0, LossRows)];
        evaluator.TokenLosses(weights, _data, rows, losses, []);

        // A head is taken out of a float32 residual stream and put back: 1e-7 of losses near 5, of both signs.
        Assert.Equal(counted.Slots(rows).Average(slot => (double)losses[slot]), measured.Report.InitLoss, 1e-6);
        Assert.True(measured.Coefficient!.RowError > 0);
    }

    [Fact]
    public void Positions_that_all_count_change_no_bit_and_rows_without_any_are_refused()
    {
        bool[] all = [.. Enumerable.Repeat(true, _data.Count * (_data.ContextLength - 1))];
        LearningCoefficientInputs inputs = Inputs("full", "l0h1", "l1h0");
        IReadOnlyList<ComponentCoefficient> plain = Run(inputs);
        IReadOnlyList<ComponentCoefficient> marked = Run(
            inputs with
            {
                CountedPositions = CountedPositions.OfRows(all, _data.ContextLength - 1),
            }
        );
        for (int i = 0; i < plain.Count; i++)
        {
            Assert.Equal(plain[i].Report.Trace, marked[i].Report.Trace);
            Assert.Equal(plain[i].Coefficient, marked[i].Coefficient);
        }

        all.AsSpan(0, LossRows * (_data.ContextLength - 1)).Clear();
        Assert.Contains(
            "raise `sampling.loss_rows`",
            Assert
                .Throws<InputException>(() => Run(inputs with { CountedPositions = CountedPositions.OfRows(all, _data.ContextLength - 1) }))
                .Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() => Run(inputs with { CountedPositions = CountedPositions.OfEveryRow([true, false]) }));
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
    public void Sampling_leaves_the_checkpoint_alone_bit_for_bit()
    {
        float[] before = _model.Values.ToArray();
        Run(Inputs("l0h1", "l1h0", "full"));
        Assert.Equal(before, _model.Values.ToArray());
    }

    [Fact]
    public void A_component_gets_the_same_bits_in_any_company_and_any_memory()
    {
        string[] names = ["l0h0", "l1h0", "l0h1", "l1h1", "full", "l1.mlp"];
        IReadOnlyList<ComponentCoefficient> together = Run(Inputs(names));
        using Machine machine = Machine.Create(1);
        long least = names.Max(name => new LearningCoefficientExperiment(Inputs(name), machine).Plan!.Bytes);
        least += (names.Length - 1) * Options.TraceBytes;
        IReadOnlyList<ComponentCoefficient> frugal = Run(Inputs(names) with { Memory = least });
        for (int i = 0; i < names.Length; i++)
        {
            ComponentCoefficient alone = Assert.Single(Run(Inputs(names[i])));
            Assert.Equal(names[i], together[i].Report.Component);
            Assert.Equal(alone.Report.Trace, together[i].Report.Trace);
            Assert.Equal(alone.Coefficient, together[i].Coefficient);
            Assert.Equal(alone.Report.Trace, frugal[i].Report.Trace);
        }
    }

    [Fact]
    public void A_measurement_that_does_not_fit_says_what_it_needs()
    {
        string message = Assert.Throws<InputException>(() => Run(Inputs("full") with { Memory = 1 << 20 })).Message;
        Assert.Contains("full needs about", message, StringComparison.Ordinal);
        Assert.Contains("`memory`", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Row_means_leave_out_the_draws_of_excluded_chains()
    {
        // Chain 1 stays at w*. Chain 0 moves by 0.1 in every weight, and by NaN at its second update.
        Component component = Parse("l1h1");
        using Machine machine = Machine.Create(1);
        using TransformerEvaluator evaluator = new(_model.Layout.Config, machine);
        using FrozenNetwork network = new(_model, evaluator);
        using IRestrictedGroup group = RestrictedGroups.Create(network, [component], slots: 2);
        using IFrozenRows rows = group.Freeze(_data, [0, 1, 2], null, memory: 0);
        LearningCoefficientObserver observer = new(group, rows, rowCount: 3, chains: 2);
        FunctionSurface surface = new(component.Restriction.Dimension, Gather(component), (chain, step, w, g) =>
        {
            Array.Fill(
                g,
                chain == 1 ? 0
                    : step == 0 ? 0.1f
                    : float.NaN
            );
            return 1;
        });
        SamplingOptions moves = new()
        {
            StepSize = 2,
            NBeta = 1,
            Localization = 0,
            NoiseLevel = 0,
            Chains = 2,
            Draws = 2,
        };
        using GroupRun run = GroupRun.Of(new SampledComponent("l1h1", surface, 1), moves, machine);
        ComponentReport report = ChainRunner.Run(run, observer, new RunControls())[0];
        Assert.Equal([1], report.HealthyChains);
        double[] origin = observer.InitialRowMeans(0);
        Assert.All(observer.RowMeans(0, [1]).Zip(origin), pair => Assert.Equal(pair.Second, pair.First, 1e-15 * 3 * Math.Abs(pair.Second)));
        Assert.All(observer.RowMeans(0, [0, 1]), mean => Assert.True(double.IsFinite(mean)));
        Assert.NotEqual(origin, observer.RowMeans(0, [0]));
    }

    [Fact]
    public void A_component_whose_chains_all_stop_has_no_coefficient_and_the_others_keep_theirs()
    {
        // Without localisation every update moves each of full's weights, layer norms included, by about 100.
        LearningCoefficientInputs inputs = Inputs("full") with
        {
            Sampling = Options with { Localization = 0, NBeta = 0, NoiseLevel = 1000 },
        };
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

    /// <summary>L0 is a sum of float64 means of the same rows in another order: 1e-12 is far above its rounding.</summary>
    [Fact]
    public void Random_loss_rows_give_P_and_L0()
    {
        LearningCoefficientInputs inputs = Inputs("l0h1") with { LossRowsChoice = RowChoice.Random };
        Assert.NotEqual(Enumerable.Range(0, LossRows), inputs.LossRowIndices);
        using Machine machine = Machine.Create(1);
        using TransformerEvaluator evaluator = new(_model.Layout.Config, machine);
        using TransformerWeights weights = new(_model, machine);
        double expected = evaluator.MeanLoss(weights, _data, inputs.LossRowIndices);
        Assert.Equal(expected, Run(inputs)[0].Report.InitLoss, 1e-6);
        Assert.NotEqual(Run(Inputs("l0h1"))[0].Report.InitLoss, Run(inputs)[0].Report.InitLoss);
    }

    [Fact]
    public void First_rows_that_are_no_fair_sample_are_seen()
    {
        using Machine machine = Machine.Create(1);
        LossRowsCheck? Check(TokenRows rows, RowChoice choice = RowChoice.First, int? count = 16) =>
            LossRowsCheck.Measure(_model, rows, null, choice, count, machine);

        int length = _data.ContextLength;
        int vocabulary = _model.Layout.Config.Vocabulary;
        Random random = new(1);
        int[] Mixed() => [.. Enumerable.Range(0, length).Select(_ => random.Next(vocabulary))];
        using TokenRows fair = new([.. Enumerable.Range(0, 400).SelectMany(_ => Mixed())], length);
        LossRowsCheck check = Check(fair)!;
        Assert.False(check.Differs);
        Assert.Equal(16, check.Rows);

        // One document, repeated, stands at the head: its rows are all alike, and their loss is not that of the others.
        int[] one = Mixed();
        using TokenRows unfair = new([.. Enumerable.Range(0, 400).SelectMany(row => row < 16 ? one : Mixed())], length);
        check = Check(unfair)!;
        Assert.Equal(0, check.First.StandardError, 1e-9);
        Assert.True(check.Differs);
        Assert.Null(Check(unfair, RowChoice.Random));
        Assert.Null(Check(unfair, count: null));
        Assert.Null(Check(unfair, count: 400));

        // With all positions counted one by one the means are the same ones.
        bool[] all = new bool[400 * (length - 1)];
        Array.Fill(all, true);
        LossRowsCheck counted = LossRowsCheck.Measure(
            _model,
            unfair,
            CountedPositions.OfRows(all, length - 1),
            RowChoice.First,
            16,
            machine
        )!;
        Assert.Equal(check.Random.Mean, counted.Random.Mean, 1e-5);
        Assert.Equal(check.First.Mean, counted.First.Mean, 1e-5);
    }

    private static IReadOnlyList<ComponentCoefficient> Run(LearningCoefficientInputs inputs, int workers = 1)
    {
        using Machine machine = Machine.Create(workers);
        return new LearningCoefficientExperiment(inputs, machine).Run(null, CancellationToken.None);
    }

    private Component Parse(string name) => new ComponentParser(_model.Layout).Parse(name);

    private LearningCoefficientInputs Inputs(params string[] components) =>
        new()
        {
            Model = _model,
            Data = _data,
            Components = [.. components.Select(Parse)],
            Sampling = Options,
            BatchSize = 3,
            LossRows = LossRows,
        };

    /// <summary>Each loss row's mean under w* with the component at <paramref name="w"/>, from a whole set of parameters.</summary>
    private double[] PlainRowMeans(Component component, float[]? w, TransformerEvaluator evaluator, Machine machine)
    {
        using ParameterSet parameters = _model.Clone();
        component.Restriction.Scatter(w ?? Gather(component), parameters);
        using TransformerWeights weights = new(parameters, machine);
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
