using Curie.Numerics;

namespace Curie.Sampling.Calibration;

/// <summary>How much is done for the settings of a grid: a coarse pass over all of them, and the best few at length.</summary>
public sealed record CalibrationEffort
{
    /// <summary>How many times the chains' memory, 2/(εκ) updates, a burn-in lasts at least: as the response asks for.</summary>
    private const double MemoriesOfBurnIn = 3;

    /// <summary>The chains of the coarse pass, at most as many as a run has: one pair, as no verdict on agreement is asked for.</summary>
    private const int CoarseChains = 2;

    /// <summary>
    /// The independent draws, all chains together, that a setting measured at length has at least where the localisation alone holds the
    /// chains. Default 160. Split R̂² is 1 + χ²/n with n the independent draws of half a chain and χ² over its degrees of freedom, which is
    /// 4.1 once in 150 times for two pairs of chains: below 1.05² takes n = 40, 160 in all.
    /// </summary>
    public int EffectiveDraws { get; init; } = 160;

    /// <summary>The draws of each chain in the coarse pass: the least with which verdicts on traces are given. Default 18.</summary>
    public int CoarseDraws { get; init; } = 18;

    /// <summary>How many settings are measured at length at a time, until one is sound. So few need no coarse pass. Default 3.</summary>
    public int Finalists { get; init; } = 3;

    /// <summary>How many times that is done at most. Default 3.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>
    /// Pairs of draws from the localisation's Gaussian in the coarse pass, a multiple of 8, and four times as many at length. Default 16.
    /// </summary>
    public int GaussianPairs { get; init; } = 16;

    /// <summary>
    /// The updates after which chains have forgotten a share 1 − 1/e of their past by localisation alone, 2/(εκ), κ = γ + δ.
    /// </summary>
    public static double Memory(SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return 2 / (options.StepSize * options.LargestPreconditioner * (options.Localization + options.WeightDecay));
    }

    /// <summary>The setting as it is tried coarsely: few draws of two chains, half a memory apart.</summary>
    /// <param name="options">The setting, with the draws of a run.</param>
    public SamplingOptions Coarse(SamplingOptions options) =>
        Spaced(options) with
        {
            Draws = CoarseDraws,
            Chains = Math.Min(options.Chains, CoarseChains),
        };

    /// <summary>
    /// The setting as it is measured at length, which is how a run is to sample it: as asked for if that has
    /// <see cref="EffectiveDraws"/>, and otherwise draws half a memory apart, enough of them. The burn-in lasts three memories at least.
    /// </summary>
    /// <param name="options">The setting, with the draws of a run.</param>
    public SamplingOptions Full(SamplingOptions options)
    {
        SamplingOptions asked = options with { BurnIn = Math.Max(options.BurnIn, BurnIn(options)) };
        if (asked.Draws * asked.Units / Correlation(asked) >= EffectiveDraws)
        {
            return asked;
        }

        SamplingOptions spaced = Spaced(asked);
        return spaced with { Draws = Math.Max(asked.Draws, (int)Math.Ceiling(EffectiveDraws * Correlation(spaced) / spaced.Units)) };
    }

    /// <summary>Whether the burn-in that a setting takes is out of all proportion to the updates that were asked for.</summary>
    internal static bool IsTooSlow(SamplingOptions options) =>
        MemoriesOfBurnIn * Memory(options) > CalibrationRules.LongestBurnIn * (double)options.UpdatesPerChain;

    /// <exception cref="InputException">A number is out of range.</exception>
    internal void Validate()
    {
        if (EffectiveDraws < 1 || CoarseDraws < 2 || Finalists < 1 || Rounds < 1 || GaussianPairs < 2)
        {
            throw new InputException("calibration: effective draws and finalists must be at least 1; leave them out for the defaults.");
        }
    }

    private static int BurnIn(SamplingOptions options) => (int)Math.Min(int.MaxValue / 4, Math.Ceiling(MemoriesOfBurnIn * Memory(options)));

    private static SamplingOptions Spaced(SamplingOptions options) =>
        options with
        {
            BurnIn = BurnIn(options),
            StepsBetweenDraws = Math.Max(options.StepsBetweenDraws, (int)Math.Ceiling(Math.Min(Memory(options), int.MaxValue / 4) / 2)),
        };

    /// <summary>
    /// The integrated autocorrelation time in draws of the excess loss, which is quadratic in w and so forgets by (1 − εκ/2)² an update.
    /// </summary>
    private static double Correlation(SamplingOptions options)
    {
        double kept = Math.Pow(1 - (1 / Memory(options)), 2 * options.StepsBetweenDraws);
        return (1 + kept) / (1 - kept);
    }
}
