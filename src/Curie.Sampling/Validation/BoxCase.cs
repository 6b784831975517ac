using System.Globalization;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Statistics;
using Curie.Sampling.Chains;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Validation;

/// <summary>
/// nβK = nβ·A·x^{2p}y^{2q} under the uniform prior on [−1, 1]² (<see cref="BoxTruth"/>), by a chain between reflecting walls;
/// the effect of the step is known to first order.
/// </summary>
public sealed class BoxCase : IValidationCase
{
    private readonly double _scale;
    private readonly int _p;
    private readonly int _q;
    private readonly bool _hasStepEffect;

    /// <summary>
    /// Creates the case; nβ = 1 unless given, and ε a tenth of what the steepest direction bears. There is no localisation.
    /// </summary>
    /// <param name="scale">A, above 0.</param>
    /// <param name="p">p, at least 1.</param>
    /// <param name="q">q, at least 1.</param>
    /// <param name="settings">How it is sampled.</param>
    /// <exception cref="InputException">A value is out of range.</exception>
    public BoxCase(double scale, int p, int q, ValidationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Localization is not (null or 0))
        {
            throw new InputException("the exact value of a box is that of a uniform prior: leave localization out, or use a crossing.");
        }

        _scale = scale;
        _p = p;
        _q = q;
        double nbeta = settings.NBeta ?? 1;
        BoxTruth.Posterior(nbeta * scale, p, q);
        double steepest = Math.Max(Curvature(nbeta * scale, p), Curvature(nbeta * scale, q));
        SamplingOptions defaults = new()
        {
            StepSize = Math.Min(0.1 / steepest, 0.01),
            NBeta = nbeta,
            Localization = 0,
            BoxRadius = 1,
            Draws = 200,
        };

        // The slowest mode of diffusion between walls 2 apart.
        Options = settings.Resolve(defaults, Math.PI * Math.PI / 8);
        _hasStepEffect = settings.HasStepEffect;
        Name = string.Create(CultureInfo.InvariantCulture, $"box, powers {p},{q}, scale {scale}{settings.Suffix}");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public SamplingOptions Options { get; }

    /// <inheritdoc/>
    public ValidationResult Run(Kernels kernels, CancellationToken cancellation)
    {
        double exact = BoxTruth.Posterior(Options.NBeta * _scale, _p, _q);
        double bias = !_hasStepEffect ? 0 : BoxTruth.StepBias(Options.NBeta * _scale, _p, _q, Options.StepSize);
        (MeanEstimate estimate, IReadOnlyList<ChainFailure> failures) = SampledCase.Coefficient(
            Name,
            new CrossingSurface(_scale, _p, _q),
            SampledCase.Copies,
            Options,
            kernels,
            cancellation
        );
        return new ValidationResult(
            Name,
            Options,
            [ValidationQuantity.Of("nβE[K]", exact, exact + bias, estimate)],
            1,
            _p == _q ? 2 : 1,
            failures
        );
    }

    private static double Curvature(double a, int p) => 2 * p * ((2 * p) - 1) * Math.Pow(a, 1.0 / p);
}
