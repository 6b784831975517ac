using Curie.Numerics;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Tests.Surfaces;

public sealed class ResponseTruthTests
{
    private const double SmallStrength = 1e-3;
    private static readonly QuadraticObservable Straight = new([1], [0]);
    private static readonly QuadraticObservable Bent = new([0], [1]);

    /// <summary>
    /// a = nβh + γ = 110. A linear observable: response 1/a at every ε, product 1/(a(1 − εa/4)). A quadratic one: response ½(1 − εa/2)/(a(1
    /// − εa/4))², product ½/(a(1 − εa/4))².
    /// </summary>
    [Theory]
    [InlineData(1e-4)]
    [InlineData(1e-3)]
    [InlineData(1e-2)]
    [InlineData(3e-2)]
    public void Between_response_and_product_are_the_factors_of_the_step(double step)
    {
        const double a = 110;
        double variance = 1 / (a * (1 - (step * a / 4)));
        QuadraticResponseTruth linear = Truth(Straight, Straight, step);
        QuadraticResponseTruth quadratic = Truth(Bent, Bent, step);
        Near(-1 / a, linear.Response(SmallStrength, false).Exact);
        Near(-variance, linear.Product().Exact);
        Near(-variance * variance / 2 * (1 - (step * a / 2)), quadratic.Response(SmallStrength, false).Exact);
        Near(-variance * variance / 2, quadratic.Product().Exact);
        Near(1 - (step * a / 4), linear.Response(SmallStrength, false).Exact / linear.Product().Exact);
        Near(1 - (step * a / 2), quadratic.Response(SmallStrength, false).Exact / quadratic.Product().Exact);
    }

    /// <summary>
    /// Two dimensions, a mean away from w*, both parts of both observables: the derivative against a difference over a small s, whose error
    /// is of first order in it.
    /// </summary>
    [Fact]
    public void The_response_is_the_derivative_of_the_stationary_mean_and_symmetric()
    {
        QuadraticSurface loss = new([2, 1, 1, 2], [0.2, -0.1], [0, 0]);
        QuadraticObservable p = new([0.3, -0.5], [1, 0.4, 0.4, -0.2]);
        QuadraticObservable e = new([-0.1, 0.2], [0.4, 0.1, 0.1, -0.3]);
        QuadraticResponseTruth truth = new(
            loss,
            p,
            e,
            new SamplingOptions
            {
                StepSize = 5e-3,
                NBeta = 100,
                Localization = 10,
                NoiseLevel = 2,
            },
            gradientNoise: 0.3
        );
        (double exact, double expected) = truth.Response(1e-4, false);
        (double reversed, double expectedReversed) = truth.Response(1e-4, true);
        Near(exact, reversed);
        Assert.Equal(exact, expected, 1e-5 * Math.Abs(exact));
        Assert.Equal(exact, expectedReversed, 1e-5 * Math.Abs(exact));
    }

    /// <summary>
    /// Gradient noise of variance ν heats the chain by T = 1 + ε(nβ)²ν/4: the product by one factor for linear observables and two for
    /// quadratic ones, the response by none and one.
    /// </summary>
    [Fact]
    public void Minibatch_noise_heats_the_response_by_one_factor_less_than_the_product()
    {
        const double noise = 0.04;
        const double heat = 1 + (5e-3 * 100 * 100 * noise / 4);
        foreach ((QuadraticObservable observable, double power) in new[] { (Straight, 0), (Bent, 1.0) })
        {
            QuadraticResponseTruth cold = Truth(observable, observable, 5e-3);
            QuadraticResponseTruth hot = Truth(observable, observable, 5e-3, noise);
            Near(Math.Pow(heat, power), hot.Response(SmallStrength, false).Exact / cold.Response(SmallStrength, false).Exact);
            Near(Math.Pow(heat, power + 1), hot.Product().Exact / cold.Product().Exact);
        }
    }

    /// <summary>
    /// A quadratic by quadrature of the chain's own kernel, to about nine digits of the means, so to six of a difference over s.
    /// </summary>
    [Theory]
    [InlineData(1e-3)]
    [InlineData(1e-2)]
    public void Quadrature_of_the_chain_gives_the_closed_form_on_a_quadratic(double step)
    {
        const double a = 110;
        LineFunction line = new(x => x + (2 * x * x), x => 1 + (4 * x));
        LineFunction square = new(x => x * x / 2, x => x);
        LineResponseTruth quadrature = new(x => a * x * x / 2, x => a * x, line, square, step);
        QuadraticResponseTruth closed = Truth(new QuadraticObservable([1], [4]), Bent, step);
        foreach (bool reversed in (bool[])[false, true])
        {
            double expected = closed.Response(0.5, reversed).Expected;
            Assert.Equal(expected, quadrature.Response(0.5, reversed).Expected, 1e-6 * Math.Abs(expected));
        }

        Assert.Equal(closed.Product().Expected, quadrature.Product().Expected, 1e-6 * Math.Abs(closed.Product().Expected));
        Assert.Equal(closed.Deviation(ofData: true), quadrature.Deviation(ofData: true), step * a * closed.Deviation(ofData: true));
    }

    /// <summary>t²Cov(x², x) in the well (1, .5, 1): −.835860 at t = 10 and −.981392 at t = 100, given to six digits.</summary>
    [Theory]
    [InlineData(10, -0.835860)]
    [InlineData(100, -0.981392)]
    public void The_response_in_an_asymmetric_well_is_the_known_covariance(double t, double covariance)
    {
        AnharmonicSurface well = new(1, 0.5, 1);
        LineResponseTruth truth = new(
            x => t * well.Potential(x),
            x => t * well.Slope(x),
            new LineFunction(x => x, _ => 1),
            new LineFunction(x => x * x, x => 2 * x),
            1e-3 / t
        );
        Assert.Equal(-covariance / (t * t), truth.Response(SmallStrength, false).Exact, 1e-6 / (t * t));
        Assert.Equal(truth.Response(SmallStrength, false).Exact, truth.Response(SmallStrength, true).Exact, 1e-12);
    }

    /// <summary>
    /// The differences over s tend to the derivatives with an error of first order in s: a thousandth of γ leaves about a thousandth.
    /// </summary>
    [Fact]
    public void Slopes_and_crossings_have_responses_that_tend_to_the_known_derivatives()
    {
        SamplingOptions options = new()
        {
            StepSize = 2e-3,
            NBeta = 2,
            Localization = 100,
        };
        SlopeResponseTruth slopes = new([0.1, -3], [10, 0.3], options);
        (double exact, double expected) = slopes.Response(0.1, false);
        Assert.Equal(exact, expected, 3e-3 * Math.Abs(exact));

        // One weight without a slope and without preconditioning is the quadratic of curvature γ.
        SlopeResponseTruth flat = new([0], [1], options);
        QuadraticResponseTruth quadratic = new(new QuadraticSurface([0], [0], [0]), Bent, Bent, options);
        Near(quadratic.Response(0.1, false).Exact, flat.Response(0.1, false).Exact);
        Near(quadratic.Response(0.1, false).Expected, flat.Response(0.1, false).Expected);
        Near(quadratic.Product().Exact, flat.Product().Exact);

        CrossingResponseTruth crossing = new(
            100,
            1,
            1,
            new SamplingOptions
            {
                StepSize = 1e-9,
                NBeta = 1,
                Localization = 1,
            }
        );
        (exact, expected) = crossing.Response(1e-3, false);
        Assert.Equal(exact, expected, 3e-3 * Math.Abs(exact));
    }

    [Fact]
    public void A_law_that_does_not_exist_has_no_response()
    {
        QuadraticSurface loss = new([-2], [0], [0]);
        Assert.Throws<InputException>(() =>
            new QuadraticResponseTruth(loss, Bent, Bent, new SamplingOptions { NBeta = 100, Localization = 10 })
        );
    }

    private static QuadraticResponseTruth Truth(
        QuadraticObservable observable,
        QuadraticObservable data,
        double step,
        double gradientNoise = 0
    ) =>
        new(
            new QuadraticSurface([1], [0], [0]),
            observable,
            data,
            new SamplingOptions
            {
                StepSize = step,
                NBeta = 100,
                Localization = 10,
            },
            gradientNoise
        );

    private static void Near(double expected, double actual) => Assert.Equal(expected, actual, 1e-10 * Math.Abs(expected));
}
