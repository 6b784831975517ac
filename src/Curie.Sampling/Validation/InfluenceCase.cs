using System.Globalization;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Statistics;
using Curie.Sampling.Chains;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Validation;

/// <summary>
/// Loss covariances, the entries of a Bayesian influence function: with w ~ N(0, S) and ℓ_i = ½h_i(w − a_i)²,
/// Cov(ℓ_i, ℓ_j) = ½h_i h_j S² + h_i a_i h_j a_j S. The curvature of the sampled loss is chosen so that the chain's own variance is S at
/// any step,
/// whatever nβ and γ are.
/// </summary>
public sealed class InfluenceCase : IValidationCase
{
    private readonly double _variance;
    private readonly double[] _curvatures;
    private readonly double[] _centers;
    private readonly double _curvature;

    /// <summary>Creates the case; ε = S/5 unless given.</summary>
    /// <param name="variance">S, above 0.</param>
    /// <param name="curvatures">h_i.</param>
    /// <param name="centers">a_i, as many.</param>
    /// <param name="settings">How it is sampled.</param>
    /// <exception cref="InputException">A value is out of range, or there are not as many a_i as h_i.</exception>
    public InfluenceCase(double variance, ReadOnlySpan<double> curvatures, ReadOnlySpan<double> centers, ValidationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _variance = variance;
        _curvatures = curvatures.ToArray();
        _centers = centers.ToArray();
        if (!(double.IsFinite(variance) && variance > 0))
        {
            throw new InputException("the variance of the sampled weight is above 0: give it as 0.01.");
        }

        if (_curvatures.Length == 0 || _curvatures.Length != _centers.Length)
        {
            throw new InputException(
                $"every loss has a curvature h and a centre a, and {_curvatures.Length} h and {_centers.Length} a are given: give as "
                    + "many of one as of the other."
            );
        }

        double step = settings.StepSize ?? variance / 5;
        if (!(step > 0 && step < variance))
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"a chain with a step has at least that variance: make step_size smaller than {variance} and above 0."
                )
            );
        }

        // a(1 − εa/4) = 1/S for SGLD; without an effect of the step a = 1/S.
        double rate = settings.HasStepEffect ? 2 / step * (1 - Math.Sqrt(1 - (step / variance))) : 1 / variance;
        double nbeta = settings.NBeta ?? rate;
        double localization = settings.Localization ?? 0;
        if (!(nbeta > 0 && localization < rate))
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"a law of variance {variance} needs an nbeta above 0 and a localization below {rate:G6}, its whole precision."
                )
            );
        }

        _curvature = (rate - localization) / nbeta;
        Options = settings.Resolve(
            new SamplingOptions
            {
                StepSize = step,
                NBeta = rate,
                Localization = 0,
                Draws = 4000,
            },
            rate
        );
        Name = string.Create(
            CultureInfo.InvariantCulture,
            $"influence, variance {variance}, h {string.Join(',', _curvatures)}, a {string.Join(',', _centers)}{settings.Suffix}"
        );
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public SamplingOptions Options { get; }

    /// <inheritdoc/>
    public ValidationResult Run(Kernels kernels, CancellationToken cancellation)
    {
        (double[][] w, IReadOnlyList<ChainFailure> failures) = SampledCase.Coordinates(
            Name,
            new QuadraticSurface([_curvature], [0], [0]),
            Options,
            kernels,
            cancellation
        );
        int count = _curvatures.Length;
        double[][][] losses =
        [
            .. _curvatures.Zip(_centers, (h, a) =>
                Array.ConvertAll(w, series => Array.ConvertAll(series, value => 0.5 * h * (value - a) * (value - a)))
            ),
        ];
        ValidationQuantity[] quantities = new ValidationQuantity[count * count];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double product = _curvatures[i] * _curvatures[j];
                double exact = product * _variance * ((_variance / 2) + (_centers[i] * _centers[j]));
                MeanEstimate estimate = SampledCase.Covariance(losses[i], losses[j]);
                quantities[(i * count) + j] = ValidationQuantity.Of($"Cov(ℓ{i}, ℓ{j})", exact, exact, estimate);
                quantities[(j * count) + i] = quantities[(i * count) + j] with { Name = $"Cov(ℓ{j}, ℓ{i})" };
            }
        }

        return new ValidationResult(Name, Options, quantities, count, null, failures);
    }
}
