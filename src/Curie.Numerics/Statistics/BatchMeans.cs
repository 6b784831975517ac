namespace Curie.Numerics.Statistics;

/// <summary>
/// The mean of autocorrelated draws and its standard error by non-overlapping batch means (Flegal and Jones 2010): the means of batches
/// longer than the correlation are nearly independent, so their spread measures the error of the whole mean.
/// </summary>
public static class BatchMeans
{
    /// <summary>
    /// Estimates the common mean of chains. Each chain is cut into batches by a <see cref="BatchPlan"/>; with the B batches of all chains,
    /// batch b of m_b draws having mean X_b, and X̄ the mean of all N draws:
    /// standard error = √(Σ m_b(X_b − X̄)²/((B − 1)·N)), B − 1 degrees of freedom. Deviations are from the mean over all chains, so chains
    /// that disagree widen it.
    /// </summary>
    /// <param name="chains">Chains × draws, all of one length.</param>
    /// <param name="batchesPerChain">Batches in each chain; 0 for those of <see cref="BatchPlan.ForDraws"/>.</param>
    /// <exception cref="ArgumentException">There are fewer than two batches, or chains differ in length.</exception>
    public static MeanEstimate Estimate(double[][] chains, int batchesPerChain = 0)
    {
        int draws = ChainSet.Check(chains, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(batchesPerChain);
        BatchPlan plan = batchesPerChain == 0 ? BatchPlan.ForDraws(draws, chains.Length) : new BatchPlan(draws, batchesPerChain);
        int batches = chains.Length * plan.Batches;
        if (batches < 2)
        {
            throw new ArgumentException("A single chain of one batch has no standard error; it needs two batches.", nameof(chains));
        }

        double mean = chains.Average(chain => Mean(chain));
        double squares = 0;
        foreach (double[] chain in chains)
        {
            for (int batch = 0; batch < plan.Batches; batch++)
            {
                ReadOnlySpan<double> values = chain.AsSpan(plan.DrawsOf(batch));
                double deviation = Mean(values) - mean;
                squares += values.Length * deviation * deviation;
            }
        }

        return new MeanEstimate(mean, Math.Sqrt(squares / (batches - 1) / ((double)chains.Length * draws)), batches - 1);
    }

    /// <summary>The same for one chain.</summary>
    public static MeanEstimate Estimate(ReadOnlySpan<double> chain, int batchesPerChain = 0) =>
        Estimate([chain.ToArray()], batchesPerChain);

    private static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }
}
