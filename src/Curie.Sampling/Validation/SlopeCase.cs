using System.Globalization;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Statistics;
using Curie.Sampling.Chains;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Validation;

/// <summary>
/// γ·Var w on constant slopes (<see cref="SlopeSurface"/>), the mean over the weights: 1 for the posterior, the mean of 1/(1 − εG_iγ/4) for
/// SGLD (G = 1) and
/// for rmsprop-sgld, whose preconditioner is G_i = 1/(|c_i| + b) once it has forgotten its start.
/// </summary>
public sealed class SlopeCase : IValidationCase
{
    private readonly SlopeSurface _surface;
    private readonly double[] _slopes;
    private readonly double _expected;

    /// <summary>Creates the case; nβ = 1, γ = 100, ε = 0.002 unless given.</summary>
    /// <param name="slopes">c_i.</param>
    /// <param name="settings">How it is sampled.</param>
    /// <exception cref="InputException">A value is out of range.</exception>
    public SlopeCase(ReadOnlySpan<double> slopes, ValidationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _surface = new SlopeSurface(slopes);
        _slopes = slopes.ToArray();
        SamplingOptions defaults = new()
        {
            StepSize = 2e-3,
            NBeta = 1,
            Localization = 100,
            Draws = 4000,
        };
        double localization = settings.Localization ?? defaults.Localization;
        if (!(localization > 0))
        {
            throw new InputException("a slope goes down without end: give a localization above 0.");
        }

        Scales = Array.ConvertAll(_slopes, slope =>
            settings.Sampler == Sampler.RmsPropSgld ? 1 / (Math.Abs(slope) + defaults.Preconditioner.Offset) : 1
        );

        // The preconditioner forgets its start with 0.99ᵗ, and 1/(1 − 0.99) updates are its unit of time.
        double slowest = localization * Scales.Min();
        double forgetting = (1 - defaults.Preconditioner.Decay) / (settings.StepSize ?? defaults.StepSize);
        ValidationSettings spaced =
            settings.Sampler == Sampler.RmsPropSgld && forgetting < slowest && settings.BurnIn is null
                ? settings with
                {
                    BurnIn = (int)(20 / (1 - defaults.Preconditioner.Decay)),
                }
                : settings;
        Options = spaced.Resolve(defaults, slowest, constantGradients: true);
        _expected = settings.Sampler.HasStepEffect ? Scales.Average(scale => 1 / (1 - (Options.StepSize * scale * localization / 4))) : 1;
        Name = string.Create(CultureInfo.InvariantCulture, $"slopes {string.Join(',', _slopes)}{settings.Suffix}");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public SamplingOptions Options { get; }

    /// <summary>G_i, the factor on the step of every weight.</summary>
    internal double[] Scales { get; }

    /// <inheritdoc/>
    public ValidationResult Run(Kernels kernels, CancellationToken cancellation)
    {
        double[][] squares = [.. Enumerable.Range(0, Options.Chains).Select(_ => new double[Options.Draws])];
        IReadOnlyList<ChainFailure> failures = SampledCase.Observe(Name, _surface, Options, kernels, Look, cancellation);
        double[][] healthy = [.. squares.Where((_, chain) => failures.All(failure => failure.Chain != chain))];
        MeanEstimate estimate = BatchMeans.Estimate(healthy);
        return new ValidationResult(Name, Options, [ValidationQuantity.Of("γ·Var w", _expected, _expected, estimate)], 1, null, failures);

        void Look(int chain, int draw, ReadOnlySpan<float> w)
        {
            double sum = 0;
            for (int i = 0; i < w.Length; i++)
            {
                double centred = w[i] + (Options.NBeta * _slopes[i] / Options.Localization);
                sum += centred * centred;
            }

            squares[chain][draw] = Options.Localization * sum / w.Length;
        }
    }
}
