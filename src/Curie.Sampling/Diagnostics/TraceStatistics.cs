using Curie.Numerics.Statistics;

namespace Curie.Sampling.Diagnostics;

/// <summary>Means over a stretch of draws of all chains.</summary>
internal static class TraceStatistics
{
    /// <summary>The mean over all chains and the draws first … first + count − 1, with its batch-means error.</summary>
    public static MeanEstimate Mean(double[][] trace, int first, int count) =>
        BatchMeans.Estimate(Array.ConvertAll(trace, draws => draws[first..(first + count)]));
}
