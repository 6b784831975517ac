using Curie.Response.Runs;
using Curie.Sampling;

namespace Curie.Response.Agreement;

/// <summary>
/// How stiff the potential of a component can be in any direction, from what its chains have shown. A direction of the loss's curvature h
/// has the stiffness
/// a = κ + nβ·h, κ = γ + δ, and to second order it alone gives P the variance ½h²·σ⁴/a² or more, so that with s the standard deviation of P
/// over draws
/// <code>
/// (a − κ)/a = nβ·h/a ≤ √2·nβ·s/σ² = t,   hence   a ≤ κ/(1 − t).
/// </code>
/// All else that moves P, slopes and other directions, makes the limit wider than it need be. P stands for the loss here, as in all
/// estimates.
/// </summary>
internal static class StiffnessLimit
{
    /// <summary>κ/(1 − t); infinite where t is 1 or more, or no draw is known.</summary>
    /// <param name="sampling">The settings that both runs share: nβ, γ, δ and σ.</param>
    /// <param name="deviation">s, the standard deviation of P over draws, nats.</param>
    public static double Of(SamplingOptions sampling, double deviation)
    {
        double share = sampling.NBeta == 0 ? 0 : Math.Sqrt(2) * sampling.NBeta * deviation / (sampling.NoiseLevel * sampling.NoiseLevel);
        return share < 1 ? (sampling.Localization + sampling.WeightDecay) / (1 - share) : double.PositiveInfinity;
    }

    /// <summary>
    /// The standard deviation of P over the draws of several runs' healthy chains, each run around its own mean, nats; NaN without draws.
    /// </summary>
    /// <param name="runs">Runs, each with the row of the component.</param>
    public static double Deviation(params ReadOnlySpan<(SusceptibilityRun Run, int Row)> runs)
    {
        double squares = 0;
        long count = 0;
        foreach ((SusceptibilityRun run, int row) in runs)
        {
            double[] draws = [.. Draws(run, row)];
            double mean = draws.Length == 0 ? 0 : draws.Average();
            squares += draws.Sum(draw => (draw - mean) * (draw - mean));
            count += draws.Length;
        }

        return Math.Sqrt(squares / count);
    }

    private static IEnumerable<double> Draws(SusceptibilityRun run, int row) =>
        Enumerable
            .Range(0, run.Manifest.Shape.Chains)
            .Select(chain => run.Data.Trace(row + 1, chain).ToArray())
            .Where(trace => Array.TrueForAll(trace, double.IsFinite))
            .SelectMany(trace => trace);
}
