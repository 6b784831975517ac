using System.Globalization;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Statistics;
using Curie.Sampling.Chains;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Validation;

/// <summary>
/// K = ½ Σ|w_i|^{p_i}: Σ 1/p_i at every nβ without localisation, else by quadrature; coordinates are independent, so both the posterior
/// and the chain's own stationary law at a finite step are sums over lines (<see cref="LineLaw"/>).
/// </summary>
public sealed class MonomialCase : IValidationCase
{
    private readonly MonomialSurface _surface;
    private readonly bool _hasStepEffect;

    /// <summary>Creates the case; nβ = 1000/ln 1000, γ = 0 and ε = 0.001·144.76/nβ, less for steep wells, unless given.</summary>
    /// <param name="powers">p_i, each at least 2.</param>
    /// <param name="settings">How it is sampled.</param>
    /// <exception cref="InputException">A power or a setting is out of range.</exception>
    public MonomialCase(ReadOnlySpan<double> powers, ValidationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _surface = new MonomialSurface(powers);
        double reference = 1000 / Math.Log(1000);
        double nbeta = settings.NBeta ?? reference;
        if (!(nbeta > 0))
        {
            throw new InputException("a monomial surface has a law only where the loss is felt: give an nbeta above 0.");
        }

        double localization = settings.Localization ?? 0;
        double step = 1e-3 * reference / nbeta;
        double rate = double.PositiveInfinity;
        foreach (double power in powers)
        {
            // Diffusion over the posterior's own width w² = (2/(p·nβ))^{2/p}; for p = 2 this is the mode's nβ.
            double precision = Math.Pow(nbeta * power / 2, 2 / power);
            rate = Math.Min(rate, precision + localization);
            if (power > 2)
            {
                // The walls of a steep well are a share 1/p of its width thick, and a step must not jump through them.
                step = Math.Min(step, 0.4 / (precision * power * power));
            }
        }

        SamplingOptions defaults = new()
        {
            StepSize = step,
            NBeta = nbeta,
            Localization = 0,
            Draws = 8000,
        };
        Options = settings.Resolve(defaults, rate / 2);
        _hasStepEffect = settings.HasStepEffect;
        Name = string.Create(CultureInfo.InvariantCulture, $"monomials, powers {string.Join(',', powers.ToArray())}{settings.Suffix}");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public SamplingOptions Options { get; }

    /// <inheritdoc/>
    public ValidationResult Run(Kernels kernels, CancellationToken cancellation)
    {
        double exact = 0;
        double expected = 0;
        foreach (double power in _surface.Powers)
        {
            double Loss(double w) => Options.NBeta / 2 * Math.Pow(Math.Abs(w), power);
            double Potential(double w) => Loss(w) + (Options.Localization * w * w / 2);
            double Slope(double w) =>
                (Options.NBeta / 2 * power * Math.CopySign(Math.Pow(Math.Abs(w), power - 1), w)) + (Options.Localization * w);
            double posterior = Options.Localization == 0 ? 1 / power : LineLaw.Posterior(Potential).Mean(Loss);
            exact += posterior;
            expected += (_hasStepEffect ? LineLaw.Stationary(Potential, Slope, Options.StepSize) : null)?.Mean(Loss) ?? posterior;
        }

        (MeanEstimate estimate, IReadOnlyList<ChainFailure> failures) = SampledCase.Coefficient(
            Name,
            _surface,
            1,
            Options,
            kernels,
            cancellation
        );
        return new ValidationResult(Name, Options, [ValidationQuantity.Of("nβE[K]", exact, expected, estimate)], 1, null, failures);
    }
}
