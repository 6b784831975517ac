using System.Globalization;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Random;
using Curie.Sampling.Samplers;

namespace Curie.Sampling;

/// <summary>
/// How the localised posterior e^{−U}, U(w) = nβ·L(w) + (γ/2)‖w − w*‖² + (δ/2)‖w‖², is sampled; by SGLD, with F = nβ∇L_m(w) + γ(w − w*) +
/// δw,
/// w ← w − (ε/2)F + √ε·σ·η, η standard normal.
/// </summary>
public sealed record SamplingOptions
{
    // P, the pull, the squared distance, and that of the first companion.
    private const int TracesKept = 4;

    /// <summary>The sampler, <c>sgld</c> by default.</summary>
    public Sampler Sampler { get; init; } = Sampler.Sgld;

    /// <summary>ε (step_size), 2e-4 by default; above 0.</summary>
    public double StepSize { get; init; } = 2e-4;

    /// <summary>nβ (nbeta), 1000 by default; at least 0. With 0 the loss is not felt: a control that measures geometry alone.</summary>
    public double NBeta { get; init; } = 1000;

    /// <summary>γ (localization), 1000 by default; at least 0. With 0 flat directions are unbounded.</summary>
    public double Localization { get; init; } = 1000;

    /// <summary>
    /// δ (weight_decay), 0 by default; at least 0: the precision of a Gaussian prior around 0, whose pull δw is part of the drift.
    /// </summary>
    public double WeightDecay { get; init; }

    /// <summary>The preconditioner of <see cref="Sampling.Sampler.RmsPropSgld"/>; other samplers have none.</summary>
    public PreconditionerOptions Preconditioner { get; init; } = new();

    /// <summary>The thermostat of <see cref="Sampling.Sampler.Sgnht"/>; other samplers have none.</summary>
    public ThermostatOptions Thermostat { get; init; } = new();

    /// <summary>σ (noise_level), 1 by default; at least 0. With 0 the update is gradient descent on U with rate ε/2.</summary>
    public double NoiseLevel { get; init; } = 1;

    /// <summary>
    /// s, the half-width of the box |w_i − w*_i| ≤ s that chains are kept in; infinite (no box) by default; above 0. A step that leaves the
    /// box is reflected at its walls, so that a flat loss has the uniform law on the box.
    /// </summary>
    public double BoxRadius { get; init; } = double.PositiveInfinity;

    /// <summary>The number of independent chains, 4 by default; at least 1.</summary>
    public int Chains { get; init; } = 4;

    /// <summary>
    /// Whether chain 2k + 1 is the mirror of chain 2k: the same minibatches and the noise with the other sign, so that what is odd in w −
    /// w* cancels in the mean of the
    /// two. False by default; for an even number of chains of <c>sgld</c> and <c>rmsprop-sgld</c>.
    /// </summary>
    public bool Antithetic { get; init; }

    /// <summary>The chains that are averaged before anything else: 2 where they are paired, otherwise 1.</summary>
    public int ChainsPerUnit => Antithetic ? 2 : 1;

    /// <summary>The pairs of chains, or the chains where they are not paired.</summary>
    public int Units => Chains / ChainsPerUnit;

    /// <summary>The number of draws of each chain, 100 by default; at least 1.</summary>
    public int Draws { get; init; } = 100;

    /// <summary>Updates before the first draw's own (burn_in), 0 by default.</summary>
    public int BurnIn { get; init; }

    /// <summary>Updates from one draw to the next (steps_between_draws), 1 by default; a draw is taken after the update.</summary>
    public int StepsBetweenDraws { get; init; } = 1;

    /// <summary>The seed of every random stream, 1 by default.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>
    /// The seed of what chains draw: noise, minibatches, rows of the observable, independent draws. It is <see cref="Seed"/>, and of a
    /// control, at nβ = 0, another one made of it: with the noise of its run a control would correlate with it by that noise.
    /// </summary>
    public long ChainSeed
    {
        get
        {
            if (NBeta > 0)
            {
                return Seed;
            }

            PhiloxKey key = PhiloxKey.Derive(Seed, RandomPurpose.Control);
            return ((long)key.High << 32) | key.Low;
        }
    }

    /// <summary>The updates that one chain makes: burn_in + draws × steps_between_draws.</summary>
    public long UpdatesPerChain => UpdatesAtDraw(Draws - 1);

    /// <summary>The bytes that the traces of a component take, which are kept until the end.</summary>
    internal long TraceBytes => (long)Chains * Draws * TracesKept * sizeof(double);

    /// <summary>The updates a chain has made when draw <paramref name="draw"/> (from 0) is taken.</summary>
    public long UpdatesAtDraw(int draw) => BurnIn + ((draw + 1L) * StepsBetweenDraws);

    /// <summary>
    /// The largest factor on ε that a direction may have: 1/b under RMSProp, otherwise 1. A quadratic direction of curvature a in U is
    /// stable
    /// while ε·a times this is below 4.
    /// </summary>
    public double LargestPreconditioner => Sampler.LargestPreconditioner(this);

    /// <summary>
    /// σ0², the stationary variance of a weight when the loss is not felt (nβ = 0): with κ = γ + δ it is σ²/κ, by the step of SGLD σ²/(κ(1
    /// − εκ/4)). Under
    /// RMSProp, ε/b stands for ε, which is right where gradients are small beside b; a thermostat and a Metropolis test have no effect of
    /// the step.
    /// Null where it has no limit.
    /// </summary>
    public double? LocalizationVariance
    {
        get
        {
            double rate = Localization + WeightDecay;
            double contraction = !Sampler.HasStepEffect ? 1 : 1 - (StepSize * LargestPreconditioner * rate / 4);
            return rate > 0 && contraction > 0 ? NoiseLevel * NoiseLevel / (rate * contraction) : null;
        }
    }

    /// <summary>
    /// The stationary root-mean-square of ‖w − w*‖ in d dimensions when the loss is not felt: <see cref="LocalizationVariance"/> for each
    /// weight, and
    /// δ‖w*‖/κ, by which a prior around 0 moves the mean. Null where it has no limit.
    /// </summary>
    /// <param name="dimension">d.</param>
    /// <param name="originNorm">‖w*‖; it matters with weight decay only.</param>
    public double? LocalizationDistance(int dimension, double originNorm = 0)
    {
        double shift = WeightDecay * originNorm / (Localization + WeightDecay);
        return LocalizationVariance is { } variance ? Math.Sqrt((shift * shift) + (dimension * variance)) : null;
    }

    /// <summary>Checks every value.</summary>
    /// <exception cref="InputException">A value is outside its range; the message names the setting as it is written in
    /// experiment.yaml.</exception>
    public void Validate()
    {
        Require(double.IsFinite(StepSize) && StepSize > 0, "step_size", StepSize, "a number above 0");
        Require(double.IsFinite(NBeta) && NBeta >= 0, "nbeta", NBeta, "a number of at least 0");
        Require(double.IsFinite(Localization) && Localization >= 0, "localization", Localization, "a number of at least 0");
        Require(double.IsFinite(WeightDecay) && WeightDecay >= 0, "weight_decay", WeightDecay, "a number of at least 0");
        Require(double.IsFinite(NoiseLevel) && NoiseLevel >= 0, "noise_level", NoiseLevel, "a number of at least 0");
        Require(BoxRadius > 0, "box_radius", BoxRadius, "a number above 0");
        Require(Chains >= 1, "chains", Chains, "a whole number of at least 1");
        Require(Draws >= 1, "draws", Draws, "a whole number of at least 1");
        Require(BurnIn >= 0, "burn_in", BurnIn, "a whole number of at least 0");
        Require(StepsBetweenDraws >= 1, "steps_between_draws", StepsBetweenDraws, "a whole number of at least 1");
        ValidateSampler();
        if (Antithetic && (Chains % 2 != 0 || WhyUncoupled() is not null))
        {
            throw new InputException(
                Chains % 2 != 0
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"sampling.antithetic pairs chains, and {Chains} is an odd number of them: give an even number, or set it to false."
                    )
                    : $"sampling.antithetic cannot be true, because {WhyUncoupled()}: set it to false."
            );
        }

        if (Instability() is { } message)
        {
            throw new InputException(message + ".");
        }
    }

    /// <summary>
    /// Why chains cannot be coupled (no antithetic pairs, no shadows, so that covariances are products of fluctuations), as half a
    /// sentence; null if they can.
    /// </summary>
    public string? WhyUncoupled() =>
        this switch
        {
            { Sampler.WhyUncoupled: { } reason } => reason,
            { NoiseLevel: 0 } => "noise_level is 0, and without noise there is no law to respond",
            { Localization: 0, WeightDecay: 0 } => "localization and weight_decay are 0, and nothing else pulls two chains together",
            _ when double.IsFinite(BoxRadius) => "the walls of a box reflect two chains at different times",
            _ => null,
        };

    /// <summary>Why the step is too large for localisation and prior alone, without the full stop; null if it is not.</summary>
    public string? Instability()
    {
        double rate = (Localization + WeightDecay) * LargestPreconditioner;
        if (StepSize * rate < 4)
        {
            return null;
        }

        string what = (WeightDecay > 0, LargestPreconditioner != 1) switch
        {
            (false, false) => "localization",
            (true, false) => "localization + weight_decay",
            (false, true) => "localization over rmsprop_offset",
            _ => "(localization + weight_decay) over rmsprop_offset",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"step_size {StepSize} times {what} is {StepSize * rate:G6}, and from 4 on every update moves further from the checkpoint "
                + $"than the last: make step_size smaller than {4 / rate:G6}"
        );
    }

    /// <summary>The constants of one update, for the kernel.</summary>
    public SgldOptions ToKernelOptions() => new(StepSize, NBeta, Localization, NoiseLevel, WeightDecay);

    private void ValidateSampler()
    {
        PreconditionerOptions rms = Preconditioner;
        Require(rms.Decay >= 0 && rms.Decay <= 1, "rmsprop_decay", rms.Decay, "a number from 0 to 1");
        Require(double.IsFinite(rms.Offset) && rms.Offset > 0, "rmsprop_offset", rms.Offset, "a number above 0");
        Require(double.IsFinite(Thermostat.Friction) && Thermostat.Friction > 0, "friction", Thermostat.Friction, "a number above 0");
        Require(double.IsFinite(Thermostat.Rate) && Thermostat.Rate > 0, "thermostat_rate", Thermostat.Rate, "a number above 0");
        if (rms.BiasCorrection && rms.Decay == 1)
        {
            throw new InputException(
                "sampling.rmsprop_decay is 1, and then v never forgets its start, which rmsprop_bias_correction takes out: give less "
                    + "than 1, or leave the correction off."
            );
        }

        if (Sampler.Objection(this) is { } objection)
        {
            throw new InputException(objection);
        }
    }

    private static void Require(bool holds, string setting, double value, string expected)
    {
        if (!holds)
        {
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"sampling.{setting} is {value}; give {expected}."));
        }
    }
}
