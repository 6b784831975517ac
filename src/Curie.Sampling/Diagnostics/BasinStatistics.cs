using Curie.Numerics.Statistics;
using Curie.Sampling.Chains;

namespace Curie.Sampling.Diagnostics;

/// <summary>
/// What the gradients that a chain needs anyway say about the place that it samples. Both figures rest on ∇L·(w − w*), the pull back
/// towards w*.
/// </summary>
/// <param name="Temperature">
/// (nβE[∇L·(w − w*)] + γE‖w − w*‖²)/(d·σ²). Of any law e^{−U/σ²} that ends somewhere E[∇U·(w − w*)] = d·σ² (integrate by parts), so it is 1
/// for the
/// posterior, whatever the loss looks like. On a quadratic, SGLD has the mean of 1/(1 − εa/4), times the heat of minibatch noise;
/// while chains still spread it is below 1. Null with a prior around 0, in a box or without noise.
/// </param>
/// <param name="GrowthExponent">
/// E[∇L·(w − w*)]/(E[P] − L0), by how much the loss grows along rays from w*: p for a loss homogeneous of degree p, so 2 around a
/// regular minimum and more around a degenerate one. A loss that is convex along rays has at least 1, since L(w*) ≥ L(w) + ∇L(w)·(w* − w).
/// Below 1 the chains live where the loss levels off, as outside the basin of w*. Null unless P lies above L0 beyond its error.
/// </param>
/// <param name="ConvexityGap">E[∇L·(w − w*) − (P − L0)]: below 0 no loss convex along rays from w* explains the rise.</param>
/// <param name="Rise">E[P] − L0.</param>
internal sealed record BasinStatistics(MeanEstimate? Temperature, double? GrowthExponent, MeanEstimate ConvexityGap, MeanEstimate Rise)
{
    /// <summary>The statistics of the healthy chains; null where the run did not measure pulls or is too short.</summary>
    public static BasinStatistics? Of(ComponentReport report)
    {
        IReadOnlyList<int> healthy = report.HealthyChains;
        if (healthy.Count == 0 || report.Pull.Count == 0 || report.Options.Draws < HealthRules.LeastDraws)
        {
            return null;
        }

        SamplingOptions options = report.Options;
        MeanEstimate Mean(Func<int, int, double> value) => BatchMeans.Estimate(report.HealthySeries(value));
        MeanEstimate pull = Mean((chain, draw) => report.Pull[chain][draw]);
        MeanEstimate rise = Mean((chain, draw) => report.Trace[chain][draw] - report.InitLoss);
        MeanEstimate gap = Mean((chain, draw) => report.Pull[chain][draw] - (report.Trace[chain][draw] - report.InitLoss));
        bool isCanonical = options.WeightDecay == 0 && options.NoiseLevel > 0 && double.IsPositiveInfinity(options.BoxRadius);
        double freedom = report.Dimension * options.NoiseLevel * options.NoiseLevel;
        MeanEstimate? temperature = isCanonical
            ? Mean(
                (chain, draw) =>
                    ((options.NBeta * report.Pull[chain][draw]) + (options.Localization * report.SquaredDistance[chain][draw])) / freedom
            )
            : null;
        bool rises = rise.Mean > rise.HalfWidth(HealthRules.Confidence);
        return new BasinStatistics(temperature, rises ? pull.Mean / rise.Mean : null, gap, rise);
    }
}
