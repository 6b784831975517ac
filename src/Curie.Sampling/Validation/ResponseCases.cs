using System.Globalization;
using Curie.Numerics;
using Curie.Sampling.Surfaces;
using MathNet.Numerics.LinearAlgebra;

namespace Curie.Sampling.Validation;

/// <summary>
/// Responses that are known: on quadratics exactly at any step, in an asymmetric well by quadrature, on normal crossings to first order in
/// the step, on constant slopes exactly.
/// </summary>
public static class ResponseCases
{
    /// <summary>
    /// L = ½wᵀHw, P = bᵀw + ½wᵀBw, e = cᵀw + ½wᵀDw; ε = 0.001, nβ = 100, γ = 10 unless given.
    /// </summary>
    /// <param name="problem">The loss and the two observables.</param>
    /// <param name="settings">How it is sampled; antithetic pairs and the noise are the problem's.</param>
    /// <exception cref="InputException">A matrix is not square and symmetric, a length does not fit, or a mode has no stationary
    /// law.</exception>
    public static ResponseCase Quadratic(QuadraticResponse problem, ValidationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(settings);
        RequireSampler(settings, Sampler.Sgld);
        problem.Validate();
        SamplingOptions defaults = new()
        {
            StepSize = 1e-3,
            NBeta = 100,
            Localization = 10,
            Draws = 4000,
            NoiseLevel = problem.NoiseLevel,
            Antithetic = settings.Antithetic,
        };
        int dimension = problem.Moving.Count;
        QuadraticSurface loss = new(problem.Restricted(problem.Hessian), new double[dimension], new float[dimension]);
        QuadraticObservable observable = problem.RestrictedObservable;
        QuadraticObservable data = problem.RestrictedData;
        double least = Matrix<double>
            .Build.Dense(dimension, dimension, loss.Hessian.ToArray())
            .Evd(Symmetricity.Symmetric)
            .EigenValues.Min(value => value.Real);
        double slowest = ((settings.NBeta ?? defaults.NBeta) * least) + (settings.Localization ?? defaults.Localization);
        SamplingOptions options = settings.Resolve(defaults, slowest > 0 ? slowest : 1);
        QuadraticResponseTruth truth = new(loss, observable, data, options, problem.GradientNoise, problem.ObservableNoise);
        return new ResponseCase(
            $"response, {problem}{Suffix(settings)}",
            new ResponseProblem(loss, observable, data, truth, SampledCase.Copies)
            {
                GradientNoise = problem.GradientNoise,
                ObservableNoise = problem.ObservableNoise,
            },
            options
        );
    }

    /// <summary>
    /// P = x and e = x² in an asymmetric well of inverse temperature t (<see cref="AnharmonicSurface"/>), half of whose curvature is given
    /// to localisation, which
    /// leaves the law as it is; ε = 0.2/(tλ) unless given.
    /// </summary>
    /// <param name="lambda">λ, above 0.</param>
    /// <param name="alpha">α; α² &lt; (4/3)·λκ.</param>
    /// <param name="kappa">κ, above 0.</param>
    /// <param name="t">t, above 0; it is nβ.</param>
    /// <param name="settings">How it is sampled.</param>
    /// <exception cref="InputException">A value is out of range.</exception>
    public static ResponseCase Anharmonic(double lambda, double alpha, double kappa, double t, ValidationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        RequireSampler(settings, Sampler.Sgld);
        if (settings.NBeta is not null || settings.Localization is not null)
        {
            throw new InputException(
                "the asymmetric well's response has nbeta t and half of its curvature as localization: leave nbeta and localization out."
            );
        }

        if (!(double.IsFinite(t) && t > 0))
        {
            throw new InputException("t is the inverse temperature of the anharmonic well: give a number above 0.");
        }

        AnharmonicSurface loss = new(lambda / 2, alpha, kappa);
        double rate = t * lambda;
        SamplingOptions defaults = new()
        {
            StepSize = 0.2 / rate,
            NBeta = t,
            Localization = rate / 2,
            Draws = 4000,
            Antithetic = settings.Antithetic,
        };
        SamplingOptions options = settings.Resolve(defaults, rate);
        LineResponseTruth truth = new(
            x => (t * loss.Potential(x)) + (rate / 4 * x * x),
            x => (t * loss.Slope(x)) + (rate / 2 * x),
            new LineFunction(x => x, _ => 1),
            new LineFunction(x => x * x, x => 2 * x),
            options.StepSize
        );
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"response, anharmonic, λ {lambda}, α {alpha}, κ {kappa}, t {t}, x² to x"
        );
        return new ResponseCase(
            name + Suffix(settings),
            new ResponseProblem(loss, new QuadraticObservable([1], [0]), new QuadraticObservable([0], [2]), truth, SampledCase.Copies),
            options
        );
    }

    /// <summary>K = A·x^{2p}y^{2q} to itself, held by localisation; nβ = 1 and γ = 1 unless given.</summary>
    /// <param name="scale">A, above 0.</param>
    /// <param name="p">p, at least 1.</param>
    /// <param name="q">q, at least 1.</param>
    /// <param name="settings">How it is sampled.</param>
    /// <exception cref="InputException">A value is out of range.</exception>
    public static ResponseCase Crossing(double scale, int p, int q, ValidationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        RequireSampler(settings, Sampler.Sgld);
        SamplingOptions options = new CrossingCase(scale, p, q, settings).Options with { Antithetic = settings.Antithetic };
        options.Validate();
        CrossingSurface loss = new(scale, p, q);
        return new ResponseCase(
            string.Create(CultureInfo.InvariantCulture, $"response, crossing, powers {p},{q}, scale {scale}, K to K{Suffix(settings)}"),
            new ResponseProblem(loss, loss, loss, new CrossingResponseTruth(scale, p, q, options), SampledCase.Copies),
            options
        );
    }

    /// <summary>
    /// ½‖w‖² to itself on constant slopes, also by rmsprop-sgld, whose shadow has the chain's preconditioner; nβ = 1, γ = 100, ε = 0.002
    /// unless given.
    /// </summary>
    /// <param name="slopes">c_i.</param>
    /// <param name="settings">How it is sampled.</param>
    /// <exception cref="InputException">A value is out of range.</exception>
    public static ResponseCase Slopes(ReadOnlySpan<double> slopes, ValidationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        RequireSampler(settings, Sampler.Sgld, Sampler.RmsPropSgld);
        SlopeCase sampled = new(slopes, settings);
        double[] values = slopes.ToArray();
        int dimension = values.Length;
        double[] unit = [.. Enumerable.Range(0, dimension * dimension).Select(i => i % (dimension + 1) == 0 ? 1.0 : 0)];
        QuadraticObservable square = new(new double[dimension], unit);
        SamplingOptions options = sampled.Options with { Antithetic = settings.Antithetic };
        options.Validate();
        return new ResponseCase(
            string.Create(CultureInfo.InvariantCulture, $"response, slopes {string.Join(',', values)}, ½|w|² to itself{Suffix(settings)}"),
            new ResponseProblem(new SlopeSurface(slopes), square, square, new SlopeResponseTruth(values, sampled.Scales, options), 1),
            options
        );
    }

    private static string Suffix(ValidationSettings settings) =>
        settings.Antithetic ? settings.Suffix : $"{settings.Suffix}, single chains";

    private static void RequireSampler(ValidationSettings settings, params ReadOnlySpan<Sampler> samplers)
    {
        if (!samplers.Contains(settings.Sampler))
        {
            throw new InputException("the response is measured with sgld, and on slopes with rmsprop-sgld too: leave `sampler` out here.");
        }
    }
}
