using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Regression;
using Curie.Networks.Training;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Random;
using Curie.Sampling.Networks;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Curie.Sampling.Tests.Networks;

public sealed class RegressionSamplingTests : IDisposable
{
    /// <summary>One fixed task: a linear map, which a few hundred steps learn.</summary>
    private static readonly RegressionTask Task = new()
    {
        Dimension = 2,
        Examples = 3,
        Tasks = 1,
    };

    private static readonly RegressionArchitecture Shape = new()
    {
        ModelWidth = 12,
        Heads = 2,
        HeadWidth = 4,
        MlpWidth = 8,
    };

    private static readonly SamplingOptions Sampling = new()
    {
        StepSize = 1e-3,
        NBeta = 50,
        Localization = 20,
        Chains = 3,
        Draws = 40,
        BurnIn = 40,
        StepsBetweenDraws = 4,
        Seed = 4,
    };

    private readonly Machine _machine = Machine.Create(2);
    private readonly ParameterSet _model;
    private readonly RegressionGenerator _generator;
    private readonly RegressionMinibatches[] _streams;
    private readonly TransformerEvaluator _evaluator;

    public RegressionSamplingTests()
    {
        _model = Shape.CreateModel(Task);
        RegressionInitialization.Fill(_model, 1);
        _generator = new RegressionGenerator(Task, _machine.Kernels);
        _evaluator = new TransformerEvaluator(_model.Layout.Config, _machine);
        _streams = [.. Enumerable.Range(0, 3).Select(chain => Minibatches(RegressionSequences.Chain(6, chain), 20))];
        TrainingOptions options = TrainingOptions.OfRegression with { Steps = 300, BatchSize = 32, LearningRate = 0.01 };
        using TrainingState state = new(_model.Clone());
        using RegressionMinibatches minibatches = Minibatches(RegressionSequences.Training(options.Seed), options.BatchSize);
        using Trainer trainer = new(state, minibatches, options, _evaluator);
        for (int step = 0; step < options.Steps; step++)
        {
            trainer.Step();
        }

        _model.CopyFrom(state.Parameters);
    }

    public void Dispose()
    {
        Array.ForEach(_streams, stream => stream.Dispose());
        _evaluator.Dispose();
        _generator.Dispose();
        _model.Dispose();
        _machine.Dispose();
    }

    [Fact]
    public void A_gradient_depends_on_chain_step_and_weights_alone()
    {
        using BatchSurface surface = Surface("l0h1");
        float[] origin = new float[surface.Dimension];
        surface.CopyOrigin(origin);
        float[] moved = [.. origin.Select(value => value + 0.1f)];
        float[] first = new float[surface.Dimension];
        float[] other = new float[surface.Dimension];
        float[] again = new float[surface.Dimension];

        double loss = surface.Gradient(1, 5, origin, first);
        double elsewhere = surface.Gradient(2, 5, moved, other);
        double repeated = surface.Gradient(1, 5, origin, again);

        Assert.Equal(loss, repeated);
        Assert.Equal(first, again);
        Assert.NotEqual(loss, elsewhere);
        Assert.NotEqual(loss, surface.Gradient(1, 6, origin, other));
        Assert.NotEqual(loss, surface.Gradient(2, 5, origin, other));
    }

    [Fact]
    public void A_gradient_allocates_nothing_once_it_has_run()
    {
        using Machine machine = Machine.Create(1);
        using TransformerEvaluator evaluator = new(_model.Layout.Config, machine);
        using RegressionMinibatches minibatches = new(_generator, RegressionSequences.Chain(6, 0), 20, machine.Pool);
        using BatchSurface surface = new(_model, Parse("full"), [minibatches], evaluator);
        float[] w = new float[surface.Dimension];
        float[] gradient = new float[surface.Dimension];
        surface.CopyOrigin(w);
        surface.Gradient(0, 0, w, gradient);
        long before = GC.GetAllocatedBytesForCurrentThread();

        surface.Gradient(0, 1, w, gradient);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Components_see_the_same_sequences()
    {
        using BatchSurface head = Surface("l0h1");
        using BatchSurface full = Surface("full");
        float[] w = new float[full.Dimension];
        float[] gradient = new float[full.Dimension];
        full.CopyOrigin(w);
        double loss = full.Gradient(0, 3, w, gradient);
        head.CopyOrigin(w);

        Assert.Equal(loss, head.Gradient(0, 3, w.AsSpan(0, head.Dimension), gradient.AsSpan(0, head.Dimension)));
    }

    /// <summary>
    /// As a function of the unembedding alone the loss is exactly quadratic, L = L* + gᵀu + ½uᵀHu with H = 2·E[φφᵀ], φ = (LN x, 1) at the
    /// inputs' tokens, and flat in
    /// what belongs to other outputs. The chain's λ̂ follows from H, g, the step and the number of updates (QuadraticTruth). Gradient noise
    /// of
    /// minibatches of 512 sequences widens the chain by less than a hundredth, and H and g come from 4,096 other sequences than P: 3 % in
    /// all.
    /// </summary>
    [Fact]
    public void The_coefficient_of_the_unembedding_is_that_of_its_quadratic()
    {
        const double spread = 0.03;
        using RegressionMinibatches minibatches = Minibatches(RegressionSequences.Chain(77, 0), 4096);
        using BatchSurface surface = new(_model, Parse("unembed"), [minibatches], _evaluator);
        int d = surface.Dimension;
        float[] w = new float[d];
        float[] at = new float[d];
        float[] above = new float[d];
        surface.CopyOrigin(w);
        double loss = surface.Gradient(0, 0, w, at);
        double[] hessian = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            float[] moved = (float[])w.Clone();
            moved[i] += 1;
            surface.Gradient(0, 0, moved, above);
            for (int j = 0; j < d; j++)
            {
                hessian[(i * d) + j] = (above[j] - at[j]) / (moved[i] - w[i]);
            }
        }

        double truth = QuadraticExcess(hessian, at, d);
        ComponentCoefficient measured = Measure("unembed", Sampling)[0];

        LearningCoefficient coefficient = measured.Coefficient!;
        Assert.True(loss > 0);
        Assert.InRange(
            coefficient.Value - truth,
            (-4 * coefficient.StandardError!.Value) - (spread * truth),
            (4 * coefficient.StandardError.Value) + (spread * truth)
        );
    }

    [Fact]
    public void Every_component_gets_a_coefficient_with_an_error_and_the_same_bits_on_one_thread()
    {
        IReadOnlyList<ComponentCoefficient> two = Measure("full+l0h0", Sampling with { Draws = 6 });
        using Machine single = Machine.Create(1);
        RegressionCoefficientInputs inputs = Inputs("full+l0h0", Sampling with { Draws = 6 });
        IReadOnlyList<ComponentCoefficient> one = new LearningCoefficientExperiment(inputs, single).Run(null, CancellationToken.None);

        Assert.Equal(two[0].Coefficient, one[0].Coefficient);
        Assert.True(two[0].Coefficient!.SamplingError > 0 && two[0].Coefficient!.RowError > 0);
    }

    [Fact]
    public void Chains_above_the_zero_predictor_are_stopped_and_a_checkpoint_above_it_has_no_null_line()
    {
        SamplingOptions wild = Sampling with { StepSize = 0.1, NBeta = 0, Localization = 0.1, Draws = 20, BurnIn = 0 };
        ComponentCoefficient left = Measure("full", wild)[0];
        _model[_model.Layout.UnembeddingBias][0] += 5;
        ComponentCoefficient untrained = Measure("full", wild with { Draws = 3 })[0];

        Assert.NotNull(left.Report.NullLine);
        Assert.True(left.Report.InitLoss < left.Report.NullLine);
        Assert.NotEmpty(left.Report.Failures);
        Assert.Contains("null line", left.Report.Failures[0].Reason, StringComparison.Ordinal);
        Assert.Null(untrained.Report.NullLine);
    }

    /// <summary>nβE[L − L0] over the draws of chains from w*, mode by mode (QuadraticTruth's own law, with the gradient at w*).</summary>
    private static double QuadraticExcess(double[] hessian, float[] gradient, int d)
    {
        // A quadratic through w* with its minimum where H u = −g; flat directions have no gradient and no share.
        Matrix<double> h = Matrix<double>.Build.Dense(d, d, (i, j) => (hessian[(i * d) + j] + hessian[(j * d) + i]) / 2);
        Evd<double> modes = h.Evd(Symmetricity.Symmetric);
        double sum = 0;
        for (int mode = 0; mode < d; mode++)
        {
            double curvature = modes.EigenValues[mode].Real;
            double slope = Enumerable.Range(0, d).Sum(i => modes.EigenVectors[i, mode] * gradient[i]);
            double rate = (Sampling.NBeta * curvature) + Sampling.Localization;
            double mean = -Sampling.NBeta * slope / rate;
            double variance = 1 / (rate * (1 - (Sampling.StepSize * rate / 4)));
            double factor = 1 - (Sampling.StepSize * rate / 2);
            for (int draw = 0; draw < Sampling.Draws; draw++)
            {
                double decay = Math.Pow(factor, Sampling.UpdatesAtDraw(draw));
                double m = mean * (1 - decay);
                sum += Sampling.NBeta * ((slope * m) + (curvature / 2 * ((variance * (1 - (decay * decay))) + (m * m)))) / Sampling.Draws;
            }
        }

        return sum;
    }

    private Component Parse(string name) => new ComponentParser(_model.Layout).Parse(name);

    private RegressionMinibatches Minibatches(PhiloxKey key, int batchSize) => new(_generator, key, batchSize, _machine.Pool);

    private BatchSurface Surface(string name) => new(_model, Parse(name), _streams, _evaluator);

    private RegressionCoefficientInputs Inputs(string component, SamplingOptions sampling) =>
        new()
        {
            Model = _model,
            Components = [Parse(component)],
            Sampling = sampling,
            BatchSize = 512,
            LossSequences = 2048,
        };

    private IReadOnlyList<ComponentCoefficient> Measure(string component, SamplingOptions sampling) =>
        new LearningCoefficientExperiment(Inputs(component, sampling), _machine).Run(null, CancellationToken.None);
}
