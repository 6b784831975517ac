using System.Globalization;
using Curie.Numerics.Kernels;
using Curie.Numerics.Statistics;
using Curie.Sampling.Chains;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Validation;

/// <summary>
/// nβK = nβ·A·x^{2p}y^{2q} with localisation (<see cref="CrossingTruth"/>); the effect of the step is known to first order.
/// </summary>
public sealed class CrossingCase : IValidationCase
{
    private readonly double _scale;
    private readonly int _p;
    private readonly int _q;
    private readonly bool _hasStepEffect;

    /// <summary>Creates the case; nβ = 1 and γ = 1 unless given, and ε a tenth of what the steepest direction bears.</summary>
    /// <param name="scale">A, above 0.</param>
    /// <param name="p">p, at least 1.</param>
    /// <param name="q">q, at least 1.</param>
    /// <param name="settings">How it is sampled.</param>
    /// <exception cref="Numerics.InputException">A value is out of range.</exception>
    public CrossingCase(double scale, int p, int q, ValidationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _scale = scale;
        _p = p;
        _q = q;
        double localization = settings.Localization ?? 1;
        double nbeta = settings.NBeta ?? 1;
        CrossingTruth.Posterior(nbeta * scale, p, q, localization);
        double steepest = Math.Max(Curvature(nbeta * scale, p, q, localization), Curvature(nbeta * scale, q, p, localization));
        SamplingOptions defaults = new()
        {
            StepSize = 0.1 / steepest,
            NBeta = nbeta,
            Localization = localization,
            Draws = 200,
        };
        Options = settings.Resolve(defaults, localization);
        _hasStepEffect = settings.HasStepEffect;
        Name = string.Create(CultureInfo.InvariantCulture, $"crossing, powers {p},{q}, scale {scale}{settings.Suffix}");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public SamplingOptions Options { get; }

    /// <inheritdoc/>
    public ValidationResult Run(Kernels kernels, CancellationToken cancellation)
    {
        double a = Options.NBeta * _scale;
        double exact =
            _p == 1 && _q == 1 ? CrossingTruth.Bilinear(a, Options.Localization) : CrossingTruth.Posterior(a, _p, _q, Options.Localization);
        double bias = !_hasStepEffect ? 0 : CrossingTruth.StepBias(a, _p, _q, Options.Localization, Options.StepSize);
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

    /// <summary>The curvature along x where y is as large as localisation lets it be and x as large as the loss then does.</summary>
    private static double Curvature(double a, int p, int q, double localization) =>
        localization + (localization * 2 * p * ((2 * p) - 1) * Math.Pow(a / Math.Pow(localization, p + q), 1.0 / p));
}
