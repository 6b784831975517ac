namespace Curie.Response.Reproducibility;

/// <summary>
/// How far an estimate repeats itself. Where two halves of the draws correlate by r, all draws correlate with as many new ones by
/// ρ = 2r/(1 + r) (Spearman 1910; Brown 1910), which is the share of the estimate's variance over tokens that is no sampling error.
/// </summary>
/// <param name="HalfCorrelation">r, the mean over the ways of halving; NaN where it is not defined.</param>
public readonly record struct Reliability(double HalfCorrelation)
{
    /// <summary>
    /// The reliability that more draws are asked for: a correlation of 0.8 between two runs, noise a fifth of the variance.
    /// </summary>
    public const double Wanted = 0.8;

    /// <summary>ρ for all draws; −1 &lt; r, so it is below 0 where the halves disagree.</summary>
    public double Corrected => 2 * HalfCorrelation / (1 + HalfCorrelation);

    /// <summary>Whether sampling error makes up more than half of the variance over tokens.</summary>
    public bool IsBelowNoise => !(Corrected >= 0.5);

    /// <summary>
    /// How many times as many draws bring ρ to <see cref="Wanted"/>: ρ_w(1 − ρ)/(ρ(1 − ρ_w)), as noise falls with the draws and the signal
    /// stays. Null where
    /// nothing of the signal is seen (ρ ≤ 0), and no number can be given.
    /// </summary>
    public double? DrawsNeeded => Corrected > 0 ? Wanted * (1 - Corrected) / (Corrected * (1 - Wanted)) : null;
}
