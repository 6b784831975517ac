using System.Globalization;
using Curie.Numerics.Statistics;
using Curie.Sampling.Chains;
using Curie.Sampling.Diagnostics;

namespace Curie.Sampling;

/// <summary>
/// The learning coefficient as the published language-model curves have it (arXiv 2402.02364, and the package devinterp of that time): L0
/// is the mean of a buffer of C chains'
/// losses at w* that starts out filled with zeros, while chains run one after another, so that chain c = 1 … C is compared with c/C·L0. The
/// first draw, which the original makes at w*, is not affected. This is here to be compared with those curves, not to be believed.
/// </summary>
/// <remarks>
/// With T draws a chain, chain c is inflated by nβ·L0·(1 − c/C)·(T − 1)/T; the mean over chains by <see cref="Inflation"/>, and the sample
/// standard deviation over chains, which was shown as the band, has <see cref="Spread"/> added in quadrature (chains being independent of
/// their number).
/// </remarks>
public static class ZeroFilledInitLoss
{
    /// <summary>What is added to λ̂: nβ·L0·(C − 1)/(2C)·(T − 1)/T.</summary>
    public static double Inflation(double nbeta, double initLoss, int chains, int draws) =>
        nbeta * initLoss * (chains - 1) / (2.0 * chains) * Share(draws);

    /// <summary>The sample standard deviation over chains of what is added: nβ·L0·√((C + 1)/(12·C))·(T − 1)/T.</summary>
    public static double Spread(double nbeta, double initLoss, int chains, int draws) =>
        chains < 2 ? 0 : nbeta * initLoss * Math.Sqrt((chains + 1) / (12.0 * chains)) * Share(draws);

    /// <summary>λ̂ with that L0; the error is the sample standard deviation over chains, null for a single one.</summary>
    /// <param name="trace">P per chain and draw, chains in the order in which they would have run.</param>
    /// <param name="initLoss">L0.</param>
    /// <param name="nbeta">nβ.</param>
    public static LearningCoefficient Estimate(double[][] trace, double initLoss, double nbeta)
    {
        ArgumentNullException.ThrowIfNull(trace);
        RunningMoments chains = default;
        for (int chain = 0; chain < trace.Length; chain++)
        {
            double missing = initLoss * (trace.Length - 1 - chain) / trace.Length * Share(trace[chain].Length);
            chains.Add(nbeta * (trace[chain].Average() - initLoss + missing));
        }

        double? spread = trace.Length < 2 ? null : chains.StandardError * Math.Sqrt(trace.Length);
        return new LearningCoefficient(chains.Mean, spread, null, 0, null, trace.Length, trace[0].Length);
    }

    /// <summary>Says of a component's figures that they are not what they seem.</summary>
    public static Verdict Warning(ComponentReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        double inflation = Inflation(report.Options.NBeta, report.InitLoss, report.HealthyChains.Count, report.Options.Draws);
        return new Verdict(
            VerdictKind.ZeroFilledInitLoss,
            string.Create(
                CultureInfo.InvariantCulture,
                $"L0 is read from a buffer filled with zeros, as in the published curves: the coefficient is {inflation:G4} too large, "
                    + $"and its ± is the spread over chains, not an error."
            )
        );
    }

    private static double Share(int draws) => (draws - 1) / (double)draws;
}
