using Curie.Numerics;

namespace Curie.Sampling.Validation;

/// <summary>How a case is to be sampled; what is null is the case's own choice, which depends on the others.</summary>
public sealed record ValidationSettings
{
    /// <summary>The sampler, SGLD by default.</summary>
    public Sampler Sampler { get; init; } = Sampler.Sgld;

    /// <summary>ε.</summary>
    public double? StepSize { get; init; }

    /// <summary>nβ.</summary>
    public double? NBeta { get; init; }

    /// <summary>γ.</summary>
    public double? Localization { get; init; }

    /// <summary>Chains, 4 by default.</summary>
    public int? Chains { get; init; }

    /// <summary>Draws of each chain.</summary>
    public int? Draws { get; init; }

    /// <summary>Updates before the first draw; by default enough that a chain has forgotten where it started.</summary>
    public int? BurnIn { get; init; }

    /// <summary>Updates from one draw to the next; by default a fraction of the time in which a chain forgets.</summary>
    public int? StepsBetweenDraws { get; init; }

    /// <summary>
    /// Whether the chains of a response are antithetic pairs, as by default; where no response is measured, chains are single.
    /// </summary>
    public bool Antithetic { get; init; } = true;

    /// <summary>The seed, 1 by default.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Least draws: four batches of two in a chain.</summary>
    private const int LeastDraws = 8;

    /// <summary>Whether the sampler's law differs from the posterior by an effect of the step.</summary>
    internal bool HasStepEffect => Sampler == Sampler.Sgld;

    /// <summary>What a case's name says of the sampler: nothing of SGLD.</summary>
    internal string Suffix => Sampler == Sampler.Sgld ? "" : $", by {Sampler.Name}";

    /// <summary>Fills in what is not given.</summary>
    /// <param name="defaults">The case's ε, nβ, γ, draws and box.</param>
    /// <param name="relaxationRate">
    /// The slowest rate at which the diffusion dw = −½∇U dt + dB forgets the square of a coordinate, per unit of time; a step is ε of time.
    /// </param>
    /// <param name="constantGradients">Whether a preconditioner made of gradients stands still, so that its law is known.</param>
    /// <exception cref="InputException">A setting is out of range, or the sampler's law is not known on this surface.</exception>
    internal SamplingOptions Resolve(SamplingOptions defaults, double relaxationRate, bool constantGradients = false)
    {
        if (Sampler == Sampler.RmsPropSgld && !constantGradients)
        {
            throw new InputException(
                "the law of rmsprop-sgld is known exactly where gradients are constant: validate it with slope, and take sgld, sgnht or "
                    + "mala here."
            );
        }

        double step = StepSize ?? defaults.StepSize;
        double updates = 1 / (step * relaxationRate);
        if (Sampler == Sampler.Sgnht)
        {
            // A direction of any curvature is forgotten no faster than momentum.
            updates = Math.Max(updates, 2 / defaults.Thermostat.Friction);
        }

        if (updates > 1e7 && (BurnIn is null || StepsBetweenDraws is null))
        {
            throw new InputException(
                $"with step_size {step:G4} a chain needs about {updates:G2} updates to forget where it started: take a larger step_size, "
                    + "or a larger localization or a smaller nbeta."
            );
        }

        SamplingOptions options = defaults with
        {
            Sampler = Sampler,
            StepSize = step,
            NBeta = NBeta ?? defaults.NBeta,
            Localization = Localization ?? defaults.Localization,
            Chains = Chains ?? defaults.Chains,
            Draws = Draws ?? defaults.Draws,
            BurnIn = BurnIn ?? (int)Math.Ceiling(12 * updates),
            StepsBetweenDraws = StepsBetweenDraws ?? Math.Max(1, (int)(updates / 3)),
            Seed = Seed,
        };
        options.Validate();
        return options.Draws >= LeastDraws
            ? options
            : throw new InputException(
                $"{Counted.Of(options.Draws, "draw")} {Counted.Word(options.Draws, "is", "are")} too few for a standard error: take "
                    + $"at least {LeastDraws}."
            );
    }
}
