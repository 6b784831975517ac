using System.Globalization;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Statistics;
using Curie.Sampling.Chains;
using Curie.Sampling.Surfaces;
using MathNet.Numerics.LinearAlgebra;

namespace Curie.Sampling.Validation;

/// <summary>
/// K = ½wᵀHw: ½ Σ nβh/(a(1 − εa/4)) over the modes, a = nβh + γ, exact for SGLD at any step; ½ Σ nβh/a for a Metropolis test and, without
/// gradient
/// noise, for a thermostat. Gradient noise, of known effect on both chains, is given to 32 copies, in which a thermostat's friction stands
/// still.
/// </summary>
public sealed class QuadraticCase : IValidationCase
{
    private readonly QuadraticSurface _surface;
    private readonly double _gradientNoise;
    private readonly double _exact;

    /// <summary>Creates the case; ε = 0.001, nβ = 100, γ = 10 unless given.</summary>
    /// <param name="hessian">H, symmetric, row by row; at least one curvature positive.</param>
    /// <param name="settings">How it is sampled.</param>
    /// <param name="gradientNoise">s², the variance of the noise on each element of the gradient, at least 0.</param>
    /// <exception cref="InputException">H is not square and symmetric, or a mode has no stationary law.</exception>
    public QuadraticCase(ReadOnlySpan<double> hessian, ValidationSettings settings, double gradientNoise = 0)
    {
        ArgumentNullException.ThrowIfNull(settings);
        double[] h = hessian.ToArray();
        int dimension = (int)Math.Round(Math.Sqrt(h.Length));
        if (h.Length == 0 || dimension * dimension != h.Length || Array.Exists(h, value => !double.IsFinite(value)))
        {
            throw new InputException(
                $"a Hessian is a square matrix of numbers, and {h.Length} values are given: write it row by row, as 2,1,1,2."
            );
        }

        Matrix<double> matrix = Matrix<double>.Build.Dense(dimension, dimension, (i, j) => h[(i * dimension) + j]);
        if (!matrix.Transpose().Equals(matrix))
        {
            throw new InputException("a Hessian is symmetric, and this one is not: give the same value on both sides of the diagonal.");
        }

        if (!(double.IsFinite(gradientNoise) && gradientNoise >= 0))
        {
            throw new InputException("gradient noise has a variance of at least 0: give it as 0.01.");
        }

        if (gradientNoise > 0 && settings.Sampler == Sampler.Mala)
        {
            throw new InputException(
                "mala compares exact losses, and gradient noise makes them those of minibatches: take sgld or sgnht, or leave the noise "
                    + "out."
            );
        }

        _gradientNoise = gradientNoise;
        _surface = new QuadraticSurface(h, new double[dimension], new float[dimension]);
        SamplingOptions defaults = new()
        {
            StepSize = 1e-3,
            NBeta = 100,
            Localization = 10,
            Draws = 8000,
        };
        double least = matrix.Evd(Symmetricity.Symmetric).EigenValues.Min(value => value.Real);
        double slowest = ((settings.NBeta ?? defaults.NBeta) * least) + (settings.Localization ?? defaults.Localization);
        Options = settings.Resolve(defaults, slowest > 0 ? slowest : 1);
        QuadraticTruth truth = QuadraticTruth.Of(_surface, Options, gradientNoise);
        _exact =
            settings.Sampler == Sampler.Mala ? truth.ContinuousTime()
            : settings.Sampler == Sampler.Sgnht ? truth.Thermostat()
            : truth.Stationary();
        string noise = gradientNoise > 0 ? string.Create(CultureInfo.InvariantCulture, $", gradient noise {gradientNoise}") : "";
        Name = string.Create(CultureInfo.InvariantCulture, $"quadratic, H = {string.Join(',', h)}{noise}{settings.Suffix}");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public SamplingOptions Options { get; }

    /// <inheritdoc/>
    public ValidationResult Run(Kernels kernels, CancellationToken cancellation)
    {
        (MeanEstimate estimate, IReadOnlyList<ChainFailure> failures) = SampledCase.Coefficient(
            Name,
            _surface,
            _gradientNoise > 0 ? SampledCase.Copies : 1,
            Options,
            kernels,
            cancellation,
            _gradientNoise
        );
        return new ValidationResult(Name, Options, [ValidationQuantity.Of("nβE[K]", _exact, _exact, estimate)], 1, null, failures);
    }
}
