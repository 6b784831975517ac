using Curie.Numerics.Statistics;
using Curie.Sampling.Chains;

namespace Curie.Sampling.Diagnostics;

/// <summary>How far the shadows of a component's chains went from them, relative to the chains' own distance from w*.</summary>
/// <param name="Distance">The mean of ‖w⁺ − w‖/‖w − w*‖ over draws and healthy chains.</param>
/// <param name="Growth">Its mean over the last third of the draws over that of the middle third: 1 where localisation holds shadow and
/// chain together.</param>
/// <param name="GrowthError">The standard error of <paramref name="Growth"/>, over chains.</param>
public sealed record ShadowStatistics(double Distance, double Growth, double GrowthError)
{
    /// <summary>Of a finished run; null where there are no shadows, no healthy chain, or fewer than three draws.</summary>
    public static ShadowStatistics? Of(ComponentReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        double[][] traces =
        [
            .. report.HealthyChains.Where(chain => chain < report.ShadowDistance.Count).Select(chain => report.ShadowDistance[chain]),
        ];
        int third = report.Options.Draws / 3;
        if (traces.Length == 0 || third == 0 || !traces.All(trace => Array.TrueForAll(trace, double.IsFinite)))
        {
            return null;
        }

        double[] growths = [.. traces.Select(trace => trace[^third..].Average() / trace[^(2 * third)..^third].Average())];
        MeanEstimate growth = MeanEstimate.OfIndependent(growths);
        return new ShadowStatistics(
            traces.Average(trace => trace.Average()),
            growth.Mean,
            growths.Length < 2 ? double.PositiveInfinity : growth.StandardError
        );
    }
}
