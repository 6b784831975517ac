using Curie.Numerics;
using Curie.Numerics.Statistics;
using Curie.Sampling.Chains;

namespace Curie.Sampling;

/// <summary>
/// The local learning coefficient λ̂ = nβ·(E[P] − L0) with its standard error (Lau et al., arXiv 2308.12108; per component, Wang et al.,
/// arXiv 2410.02984). E averages the draws of the healthy chains and never burn-in; P is the loss after the update, on the rows that
/// also gave L0. A negative value is an answer: w* is not the lowest point around.
/// </summary>
/// <param name="Value">λ̂.</param>
/// <param name="StandardError">√(sampling² + rows²), of the parts that are known; null if neither is.</param>
/// <param name="SamplingError">
/// The Monte Carlo part: nβ times the batch-means error of E[P], with the batches of <see cref="BatchPlan.ForDraws"/> and their spread over
/// all chains,
/// so that chains that disagree widen it. Null for a single draw or batch.
/// </param>
/// <param name="SamplingDegreesOfFreedom">Those of the Monte Carlo part (batches − 1), for Student's intervals; 0 for a single
/// draw.</param>
/// <param name="RowError">
/// The evaluation rows' part: nβ·s/√rows, s the standard deviation over rows of the paired differences E[ℓ_row] − ℓ_row(w*), for the
/// coefficient of the distribution that the rows were taken from. Null if the differences were not given.
/// </param>
/// <param name="Chains">The chains averaged.</param>
/// <param name="DrawsPerChain">The draws of each.</param>
public sealed record LearningCoefficient(
    double Value,
    double? StandardError,
    double? SamplingError,
    int SamplingDegreesOfFreedom,
    double? RowError,
    int Chains,
    int DrawsPerChain
)
{
    /// <summary>Estimates λ̂ from the healthy chains of a report.</summary>
    /// <param name="report">The run.</param>
    /// <param name="rowDifferences">E[ℓ_row] − ℓ_row(w*) of every evaluation row, in nats per token; empty if not known.</param>
    /// <exception cref="InputException">No chain is healthy.</exception>
    public static LearningCoefficient Estimate(ComponentReport report, ReadOnlySpan<double> rowDifferences = default)
    {
        ArgumentNullException.ThrowIfNull(report);
        double[][] trace = report.HealthyTrace;
        if (trace.Length == 0)
        {
            throw new InputException($"no chain of {report.Component} is healthy, so it has no learning coefficient: {report.Failures[0]}");
        }

        return Estimate(trace, report.InitLoss, report.Options.NBeta, rowDifferences);
    }

    /// <summary>Estimates λ̂ from traces of P.</summary>
    /// <param name="trace">P per chain and draw; at least one of each.</param>
    /// <param name="initLoss">L0; an L0 of exactly 0 is a value like any other.</param>
    /// <param name="nbeta">nβ; with 0 the coefficient and its error are 0 by definition.</param>
    /// <param name="rowDifferences">E[ℓ_row] − ℓ_row(w*) of every evaluation row; empty if not known.</param>
    /// <param name="batches">Batches in each chain; 0 for those of <see cref="BatchPlan.ForDraws"/>.</param>
    public static LearningCoefficient Estimate(
        double[][] trace,
        double initLoss,
        double nbeta,
        ReadOnlySpan<double> rowDifferences = default,
        int batches = 0
    )
    {
        ArgumentNullException.ThrowIfNull(trace);
        bool single = trace.Length == 1 && (batches == 1 || trace[0].Length == 1);
        MeanEstimate loss = single ? new MeanEstimate(trace[0].Average(), double.NaN, 0) : BatchMeans.Estimate(trace, batches);
        double? sampling = single ? null : nbeta * loss.StandardError;
        double? rows = rowDifferences.Length < 2 ? null : nbeta * MeanEstimate.OfIndependent(rowDifferences).StandardError;
        double? total = sampling is null && rows is null ? null : Math.Sqrt(Square(sampling) + Square(rows));
        double value = nbeta == 0 ? 0 : nbeta * (loss.Mean - initLoss);
        return new LearningCoefficient(value, total, sampling, loss.DegreesOfFreedom, rows, trace.Length, trace[0].Length);
    }

    private static double Square(double? value) => value is double known ? known * known : 0;
}
