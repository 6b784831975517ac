using System.Globalization;
using Curie.Numerics;
using Curie.Numerics.Kernels;

namespace Curie.Sampling;

/// <summary>
/// How the localised posterior U(w) = nβ·L(w) + (γ/2)‖w − w*‖² is sampled by
/// w ← w − (ε/2)·[nβ∇L_m(w) + γ(w − w*)] + √ε·σ·η, η standard normal.
/// </summary>
public sealed record SamplingOptions
{
    /// <summary>ε (step_size), 1e-3 by default; above 0.</summary>
    public double StepSize { get; init; } = 1e-3;

    /// <summary>nβ (nbeta), 30 by default; at least 0. With 0 the loss is not felt: a control that measures geometry alone.</summary>
    public double NBeta { get; init; } = 30;

    /// <summary>γ (localization), 300 by default; at least 0. With 0 flat directions are unbounded.</summary>
    public double Localization { get; init; } = 300;

    /// <summary>σ (noise_level), 1 by default; at least 0. With 0 the update is gradient descent on U with rate ε/2.</summary>
    public double NoiseLevel { get; init; } = 1;

    /// <summary>
    /// s, the half-width of the box |w_i − w*_i| ≤ s that chains are kept in; infinite (no box) by default; above 0. A step that leaves the
    /// box is reflected at its walls, so that a flat loss has the uniform law on the box.
    /// </summary>
    public double BoxRadius { get; init; } = double.PositiveInfinity;

    /// <summary>The number of independent chains, 4 by default; at least 1.</summary>
    public int Chains { get; init; } = 4;

    /// <summary>The number of draws of each chain, 100 by default; at least 1.</summary>
    public int Draws { get; init; } = 100;

    /// <summary>Updates before the first draw's own (burn_in), 0 by default.</summary>
    public int BurnIn { get; init; }

    /// <summary>Updates from one draw to the next (steps_between_draws), 1 by default; a draw is taken after the update.</summary>
    public int StepsBetweenDraws { get; init; } = 1;

    /// <summary>The seed of every random stream, 1 by default.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The updates that one chain makes: burn_in + draws × steps_between_draws.</summary>
    public long UpdatesPerChain => UpdatesAtDraw(Draws - 1);

    /// <summary>The updates a chain has made when draw <paramref name="draw"/> (from 0) is taken.</summary>
    public long UpdatesAtDraw(int draw) => BurnIn + ((draw + 1L) * StepsBetweenDraws);

    /// <summary>
    /// √(d·σ²/(γ(1 − εγ/4))), the stationary root-mean-square of ‖w − w*‖ in d dimensions when localisation alone acts (SGLD's exact
    /// covariance at nβ = 0); null where it has none (γ = 0, or εγ ≥ 4).
    /// </summary>
    public double? LocalizationDistance(int dimension)
    {
        double contraction = 1 - (StepSize * Localization / 4);
        return Localization > 0 && contraction > 0 ? NoiseLevel * Math.Sqrt(dimension / (Localization * contraction)) : null;
    }

    /// <summary>Checks every value.</summary>
    /// <exception cref="InputException">A value is outside its range; the message names the setting as it is written in experiment.yaml.</exception>
    public void Validate()
    {
        Require(double.IsFinite(StepSize) && StepSize > 0, "step_size", StepSize, "a number above 0");
        Require(double.IsFinite(NBeta) && NBeta >= 0, "nbeta", NBeta, "a number of at least 0");
        Require(double.IsFinite(Localization) && Localization >= 0, "localization", Localization, "a number of at least 0");
        Require(double.IsFinite(NoiseLevel) && NoiseLevel >= 0, "noise_level", NoiseLevel, "a number of at least 0");
        Require(BoxRadius > 0, "box_radius", BoxRadius, "a number above 0");
        Require(Chains >= 1, "chains", Chains, "a whole number of at least 1");
        Require(Draws >= 1, "draws", Draws, "a whole number of at least 1");
        Require(BurnIn >= 0, "burn_in", BurnIn, "a whole number of at least 0");
        Require(StepsBetweenDraws >= 1, "steps_between_draws", StepsBetweenDraws, "a whole number of at least 1");
        if (StepSize * Localization >= 4)
        {
            throw new InputException(string.Create(
                CultureInfo.InvariantCulture,
                $"step_size {StepSize} times localization {Localization} is {StepSize * Localization}, and from 4 on every update moves further from the checkpoint than the last: make step_size smaller than {4 / Localization}."));
        }
    }

    /// <summary>The constants of one update, for the kernel.</summary>
    public SgldOptions ToKernelOptions() => new(StepSize, NBeta, Localization, NoiseLevel);

    private static void Require(bool holds, string setting, double value, string expected)
    {
        if (!holds)
        {
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"sampling.{setting} is {value}; give {expected}."));
        }
    }
}
