using Curie.Numerics.Statistics;
using Curie.Sampling.Chains;

namespace Curie.Sampling.Diagnostics;

/// <summary>
/// What the traces of a component's healthy chains say about themselves. Figures that a trace is too short or too constant for are null.
/// </summary>
public sealed record ComponentHealth
{
    /// <summary>
    /// The share of what the model knows above which draws tell less of the trained model than of one that knows nothing.
    /// </summary>
    public const double LargestKnowledgeLost = 0.5;

    /// <summary>The component.</summary>
    public required string Component { get; init; }

    /// <summary>The mean of P over the healthy chains, draw by draw; empty if no chain is healthy.</summary>
    public required IReadOnlyList<double> MeanLoss { get; init; }

    /// <summary>L0.</summary>
    public required double InitLoss { get; init; }

    /// <summary>The loss of the uniform predictor; null for none.</summary>
    public required double? NullLine { get; init; }

    /// <summary>
    /// The share of what the model knows that is lost where the chains live, (E[P] − L0)/(N − L0) with N the null line: 0 at the
    /// checkpoint's loss, 1
    /// where nothing more is known than the predictor that knows nothing, below 0 where the loss has fallen. Null without a null line, at a
    /// checkpoint that is
    /// not below it, and if no chain is healthy.
    /// </summary>
    public double? KnowledgeLost =>
        NullLine is { } line && InitLoss < line && MeanLoss.Count > 0 ? (MeanLoss.Average() - InitLoss) / (line - InitLoss) : null;

    /// <summary>The root-mean-square over the healthy chains of ‖w − w*‖ at the end; null if there are none.</summary>
    public required double? Distance { get; init; }

    /// <summary>
    /// What ‖w − w*‖ would be by localisation alone, by the sampler that was used (<see cref="SamplingOptions.LocalizationDistance"/>);
    /// null where nothing holds it.
    /// </summary>
    public required double? LocalizationDistance { get; init; }

    /// <summary>Rank-normalised split R̂ of P (Vehtari et al. 2021); near 1 where the chains agree.</summary>
    public required double? RHat { get; init; }

    /// <summary>The bulk effective sample size of P, over all chains (Vehtari et al. 2021).</summary>
    public required double? EffectiveSampleSize { get; init; }

    /// <summary>The integrated autocorrelation time of P, in draws: draws spaced that far apart lose little.</summary>
    public required double? AutocorrelationTime { get; init; }

    /// <summary>The fraction of draws with P below L0; 0 if no chain is healthy.</summary>
    public required double FractionBelowInitLoss { get; init; }

    /// <summary>
    /// Geweke's z of P: the first tenth of the draws against the last half, in standard errors (<see cref="Geweke"/>).
    /// </summary>
    public required double? GewekeZ { get; init; }

    /// <summary>
    /// The mean probability with which a Metropolis test would have made the chains' steps (<see cref="SampledChain.Acceptance"/>), over
    /// the healthy chains.
    /// In many dimensions it tends to ½ at any step size, see <see cref="Samplers.MalaRate"/>.
    /// </summary>
    public required double? MalaAcceptance { get; init; }

    /// <summary>The temperature of the sampled law, 1 for the posterior (<see cref="BasinStatistics"/>).</summary>
    public required double? Temperature { get; init; }

    /// <summary>
    /// How the loss grows along rays from w*: 2 around a regular minimum, below 1 outside of any (<see cref="BasinStatistics"/>).
    /// </summary>
    public required double? GrowthExponent { get; init; }

    /// <summary>Chains that were stopped.</summary>
    public required IReadOnlyList<ChainFailure> Failures { get; init; }

    /// <summary>What should not be trusted and what to change; empty if nothing was found.</summary>
    public IReadOnlyList<Verdict> Verdicts { get; init; } = [];

    /// <summary>Judges a finished run.</summary>
    public static ComponentHealth Of(ComponentReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        double[][] trace = report.HealthyTrace;
        BasinStatistics? basin = BasinStatistics.Of(report);
        double?[] rates = [.. report.Acceptance.Where((_, chain) => report.HealthyChains.Contains(chain))];
        double[] distances = [.. report.HealthyChains.Select(chain => report.Distances[chain])];
        ComponentHealth health = new()
        {
            Component = report.Component,
            MeanLoss =
                trace.Length == 0 ? [] : [.. Enumerable.Range(0, report.Options.Draws).Select(draw => trace.Average(draws => draws[draw]))],
            InitLoss = report.InitLoss,
            NullLine = report.NullLine,
            Distance = trace.Length == 0 ? null : Math.Sqrt(distances.Average(distance => distance * distance)),
            LocalizationDistance = report.Options.LocalizationDistance(report.Dimension, report.OriginNorm),
            RHat = Known(trace, SplitRHat.RankNormalized),
            EffectiveSampleSize = Known(trace, Numerics.Statistics.EffectiveSampleSize.Bulk),
            AutocorrelationTime = Known(trace, Autocorrelation.IntegratedTime),
            FractionBelowInitLoss =
                trace.Length == 0 ? 0 : trace.Average(draws => draws.Count(loss => loss < report.InitLoss) / (double)draws.Length),
            GewekeZ = Known(trace, Geweke.Z),
            MalaAcceptance = rates.Length == 0 ? null : rates.Average(),
            Temperature = Finite(basin?.Temperature?.Mean),
            GrowthExponent = Finite(basin?.GrowthExponent),
            Failures = report.Failures,
        };
        Verdict? standstill = MotionRules.Judge(health, basin, report);
        return health with
        {
            Verdicts =
            [
                .. HealthRules.Judge(health, trace, report.Options, report.Dimension, standstill),
                .. standstill is null ? BasinRules.Judge(health, basin, report.Options, report.Dimension) : [],
            ],
        };
    }

    private static double? Known(double[][] trace, Func<double[][], double> statistic)
    {
        if (trace.Length == 0 || trace[0].Length < HealthRules.LeastDraws)
        {
            return null;
        }

        return Finite(statistic(trace));
    }

    private static double? Finite(double? value) => value is { } known && double.IsFinite(known) ? known : null;
}
