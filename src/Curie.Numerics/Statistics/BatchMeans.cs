namespace Curie.Numerics.Statistics;

/// <summary>
/// The mean of autocorrelated draws and its standard error by non-overlapping batch means (Flegal and Jones 2010): the means of batches
/// longer than the correlation are nearly independent, so their spread measures the error of the whole mean.
/// </summary>
public static class BatchMeans
{
    /// <summary>
    /// Estimates the common mean of chains. Each chain of n draws is cut into ⌊n/b⌋ batches of b draws; the draws left over are the first
    /// ones, which count in the mean but in no batch. With all k batches of all chains, B̄ their mean:
    /// standard error = √(Σ(B − B̄)²/(k − 1)/k), k − 1 degrees of freedom. Chains that disagree widen it.
    /// </summary>
    /// <param name="chains">Chains × draws, all of one length.</param>
    /// <param name="batchLength">b; 0 for ⌊√n⌋, whose bias and variance both vanish as n grows.</param>
    /// <exception cref="ArgumentException">There are fewer than two batches, or chains differ in length.</exception>
    public static MeanEstimate Estimate(double[][] chains, int batchLength = 0)
    {
        int draws = ChainSet.Check(chains, 1);
        int length = batchLength == 0 ? (int)Math.Sqrt(draws) : batchLength;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length, nameof(batchLength));
        int batches = draws / length;
        if (chains.Length * batches < 2)
        {
            throw new ArgumentException(
                $"{chains.Length} chains of {draws} draws hold {chains.Length * batches} batches of {length}; a standard error needs two.", nameof(chains));
        }

        var means = new RunningMoments();
        var all = new RunningMoments();
        foreach (double[] chain in chains)
        {
            foreach (double value in chain)
            {
                all.Add(value);
            }

            int left = draws - (batches * length);
            for (int batch = 0; batch < batches; batch++)
            {
                means.Add(Mean(chain.AsSpan(left + (batch * length), length)));
            }
        }

        return new MeanEstimate(all.Mean, means.StandardError, (int)means.Count - 1);
    }

    /// <summary>The same for one chain.</summary>
    public static MeanEstimate Estimate(ReadOnlySpan<double> chain, int batchLength = 0) => Estimate([chain.ToArray()], batchLength);

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
