using Curie.Numerics.Parallelism;
using Curie.Numerics.Statistics;
using Curie.Sampling.Chains;
using Curie.Sampling.Coupling;
using Curie.Sampling.Surfaces;
using Curie.Sampling.Validation;

namespace Curie.Sampling.Tests.Coupling;

/// <summary>What coupled chains measure, against what is known exactly; every comparison allows four standard errors.</summary>
public sealed class ResponseTests
{
    private const double StandardErrors = 4;
    private static readonly ValidationSettings Paired = new();
    private static readonly QuadraticResponse Straight = new()
    {
        Hessian = [1],
        Slope = [1],
        DataSlope = [1],
        DataCurvature = [5],
    };
    private static readonly QuadraticResponse Bent = new()
    {
        Hessian = [1],
        Curvature = [1],
        DataCurvature = [1],
    };

    /// <summary>
    /// a = 110 at ε = 0.01: 1 − εa/4 = .725 for the linear part, 1 − εa/2 = .45 for a quadratic observable; each must be told from 1 by ten
    /// standard errors.
    /// </summary>
    [Theory]
    [InlineData(false, 0.725)]
    [InlineData(true, 0.45)]
    public void Between_response_and_product_the_factors_of_the_step_are_seen(bool bent, double factor)
    {
        ValidationResult result = Run(bent ? Bent : Straight, new ValidationSettings { StepSize = 0.01, Antithetic = bent });
        ValidationQuantity response = result.Quantities[0];
        ValidationQuantity product = result.Quantities[2];
        double ratio = response.Estimate / product.Estimate;
        double error = Math.Abs(ratio) * (Relative(response) + Relative(product));

        // The size of the perturbation, .003 of a standard deviation, is worth less than a hundredth of a response.
        Assert.Equal(factor, ratio, (StandardErrors * error) + (0.01 * factor));
        Assert.True(1 - ratio > 10 * error, $"{ratio} ± {error}");
    }

    /// <summary>
    /// εν(nβ)²/4 = 1/2 more temperature: the product is 1.5 times that of the cold chain for a linear observable, the response the same.
    /// </summary>
    [Fact]
    public void Minibatch_noise_heats_the_product_and_not_the_response_of_a_linear_observable()
    {
        ValidationSettings settings = new() { StepSize = 5e-3, Antithetic = false };
        ValidationResult cold = Run(Straight, settings);
        ValidationResult hot = Run(Straight with { GradientNoise = 0.04 }, settings);
        AssertRatio(1, hot.Quantities[0], cold.Quantities[0]);
        AssertRatio(1.5, hot.Quantities[2], cold.Quantities[2]);

        // A quadratic one feels the temperature once as a response and twice as a product.
        ValidationResult coldBent = Run(Bent, Paired with { StepSize = 5e-3 });
        ValidationResult hotBent = Run(Bent with { GradientNoise = 0.04 }, Paired with { StepSize = 5e-3 });
        AssertRatio(1.5, hotBent.Quantities[0], coldBent.Quantities[0]);
        AssertRatio(2.25, hotBent.Quantities[2], coldBent.Quantities[2]);
    }

    /// <summary>
    /// The two directions are runs of their own with other noise; what the size of the perturbation makes of each is known.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_response_of_data_to_an_observable_is_that_of_the_observable_to_the_data(bool antithetic)
    {
        QuadraticResponse problem = new()
        {
            Hessian = [2, 1, 1, 2],
            Slope = [0.1, -0.05],
            Curvature = [2, 1, 1, 2],
            DataSlope = [0.2, -0.1],
            DataCurvature = [0.4, 0.1, 0.1, 0.3],
        };
        ValidationResult result = Run(problem, Paired with { Antithetic = antithetic });
        ValidationQuantity forward = result.Quantities[0];
        ValidationQuantity backward = result.Quantities[1];
        Assert.Equal(forward.Exact, backward.Exact, 1e-10 * Math.Abs(forward.Exact));
        double error = Math.Sqrt((forward.StandardError * forward.StandardError) + (backward.StandardError * backward.StandardError));
        Assert.Equal(forward.Estimate, backward.Estimate, (StandardErrors * error) + Math.Abs(forward.Expected - backward.Expected));
        Assert.True(error < 0.1 * Math.Abs(forward.Exact));
    }

    /// <summary>
    /// P = ½Σh_iw_i² over 1000 weights, e = ½w_0², v the variance of a weight: the 999 others add 999·½v²·½v² = 250v⁴ to the variance of a
    /// draw's product, and nothing to the response,
    /// whose draws scatter by about v⁴. Twice the evaluations leave a gain above 100 at equal cost; a quarter of that is asked for, as
    /// variances of some twenty batches are known to a third.
    /// </summary>
    [Fact]
    public void The_response_scatters_far_less_than_the_product_where_the_observable_has_many_weights()
    {
        SamplingOptions options = new()
        {
            StepSize = 1e-3,
            NBeta = 30,
            Localization = 300,
            Antithetic = true,
            Draws = 800,
            BurnIn = 40,
            StepsBetweenDraws = 4,
        };
        FunctionSurface loss = FunctionSurface.Wide(1000);
        FunctionSurface data = new(1000, new float[1000], (_, _, w, _) => 0.5 * w[0] * w[0]);
        ResponseObserver observer = new(loss, loss, data, strength: 0.03, options);
        using Machine machine = Machine.Create(1);
        using GroupRun run = GroupRun.Of(
            new SampledComponent("l0h0", new ObservedSurface(loss, loss), 0) { Companions = [Companion.Shadow(0.03)] },
            options,
            machine
        );
        ChainRunner.Run(run, observer, new RunControls());
        MeanEstimate response = observer.Response([0, 1]);
        MeanEstimate product = observer.Product([0, 1]);
        double gain = Math.Pow(product.StandardError / response.StandardError, 2) / 2;
        Assert.True(gain > 25, $"{gain}");

        // a = 330, v = 1/(a(1 − εa/4)); the response is −½v²(1 − εa/2).
        double variance = 1 / (330 * (1 - 0.0825));
        Assert.Equal(-variance * variance / 2 * (1 - 0.165), response.Mean, StandardErrors * response.StandardError);
        Assert.True(response.StandardError < 0.1 * Math.Abs(response.Mean));
    }

    /// <summary>
    /// To a linear observable the response of a quadratic e is d·w·Δ with Δ constant, odd in w: in an antithetic pair it cancels, but for
    /// what float32 resolves. Single chains
    /// have all of it.
    /// </summary>
    [Fact]
    public void Antithetic_pairs_cancel_what_is_odd()
    {
        ValidationQuantity pairs = Run(Straight, Paired).Quantities[0];
        ValidationQuantity single = Run(Straight, Paired with { Antithetic = false }).Quantities[0];
        Assert.True(pairs.StandardError < 0.02 * single.StandardError, $"{pairs.StandardError} and {single.StandardError}");
        Assert.Equal(pairs.Expected, pairs.Estimate, 1e-4 * Math.Abs(pairs.Expected));
    }

    private static ValidationResult Run(QuadraticResponse problem, ValidationSettings settings) =>
        ResponseCases.Quadratic(problem, settings).Run(TestRun.Kernels, CancellationToken.None);

    private static double Relative(ValidationQuantity quantity) => quantity.StandardError / Math.Abs(quantity.Estimate);

    /// <summary>The errors are added, not squared: the two runs share their Langevin noise.</summary>
    private static void AssertRatio(double expected, ValidationQuantity hot, ValidationQuantity cold)
    {
        double ratio = hot.Estimate / cold.Estimate;
        Assert.Equal(expected, ratio, (StandardErrors * ratio * (Relative(hot) + Relative(cold))) + (0.01 * expected));
    }
}
