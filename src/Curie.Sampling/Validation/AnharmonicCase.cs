using System.Globalization;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Statistics;
using Curie.Sampling.Chains;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Validation;

/// <summary>
/// t²Cov(x², x) in an asymmetric well (<see cref="AnharmonicSurface"/>), with localisation where it is asked for, the posterior's and the
/// chain's own by <see cref="LineLaw"/>.
/// </summary>
public sealed class AnharmonicCase : IValidationCase
{
    private readonly AnharmonicSurface _surface;
    private readonly bool _hasStepEffect;

    /// <summary>Creates the case; ε = 0.2/(tλ) unless given.</summary>
    /// <param name="lambda">λ, above 0.</param>
    /// <param name="alpha">α; α² &lt; (8/3)·λκ.</param>
    /// <param name="kappa">κ, above 0.</param>
    /// <param name="t">t, the inverse temperature, above 0; it is nβ.</param>
    /// <param name="settings">How it is sampled.</param>
    /// <exception cref="InputException">A value is out of range.</exception>
    public AnharmonicCase(double lambda, double alpha, double kappa, double t, ValidationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _surface = new AnharmonicSurface(lambda, alpha, kappa);
        if (!(double.IsFinite(t) && t > 0))
        {
            throw new InputException("t is the inverse temperature of the anharmonic well: give a number above 0.");
        }

        if (settings.NBeta is { } nbeta && nbeta != t)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the anharmonic well's inverse temperature is t, here {t}, and nbeta says {nbeta}: leave nbeta out, or give the same."
                )
            );
        }

        double rate = (t * lambda) + (settings.Localization ?? 0);
        SamplingOptions defaults = new()
        {
            StepSize = 0.2 / rate,
            NBeta = t,
            Localization = 0,
            Draws = 20_000,
        };

        // Third moments are noisy: draws a whole relaxation apart are worth more than as many that are closer.
        int apart = Math.Max(1, (int)(1 / ((settings.StepSize ?? defaults.StepSize) * rate)));
        Options = (settings with { StepsBetweenDraws = settings.StepsBetweenDraws ?? apart }).Resolve(defaults, rate);
        _hasStepEffect = settings.HasStepEffect;
        Name = string.Create(CultureInfo.InvariantCulture, $"anharmonic, λ {lambda}, α {alpha}, κ {kappa}, t {t}{settings.Suffix}");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public SamplingOptions Options { get; }

    /// <inheritdoc/>
    public ValidationResult Run(Kernels kernels, CancellationToken cancellation)
    {
        double t = Options.NBeta;
        double localization = Options.Localization;
        double Potential(double x) => (t * _surface.Potential(x)) + (localization * x * x / 2);
        LineLaw posterior = LineLaw.Posterior(Potential);
        LineLaw chain = (
            _hasStepEffect ? LineLaw.Stationary(Potential, x => (t * _surface.Slope(x)) + (localization * x), Options.StepSize) : null
        ) ?? posterior;
        (double[][] x, IReadOnlyList<ChainFailure> failures) = SampledCase.Coordinates(Name, _surface, Options, kernels, cancellation);
        double[][] squares = Array.ConvertAll(x, series => Array.ConvertAll(series, value => value * value));
        MeanEstimate covariance = SampledCase.Covariance(squares, x);
        double scale = t * t;
        return new ValidationResult(
            Name,
            Options,
            [
                new ValidationQuantity(
                    "t²Cov(x², x)",
                    scale * Covariance(posterior),
                    scale * Covariance(chain),
                    scale * covariance.Mean,
                    scale * covariance.StandardError,
                    DegreesOfFreedom: covariance.DegreesOfFreedom
                ),
            ],
            1,
            null,
            failures
        );
    }

    private static double Covariance(LineLaw law)
    {
        double mean = law.Mean(x => x);
        return law.Mean(x => x * x * (x - mean));
    }
}
