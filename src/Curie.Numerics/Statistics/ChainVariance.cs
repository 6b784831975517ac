namespace Curie.Numerics.Statistics;

/// <summary>
/// Variance within chains and in all, from which R̂ and the effective sample size are made (Vehtari et al. 2021, section 3).
/// </summary>
internal readonly struct ChainVariance
{
    /// <summary>Measures chains of equal length n ≥ 2.</summary>
    public ChainVariance(double[][] chains)
    {
        int n = chains[0].Length;
        var means = new RunningMoments();
        var variances = new RunningMoments();
        foreach (double[] chain in chains)
        {
            var moments = new RunningMoments();
            foreach (double value in chain)
            {
                moments.Add(value);
            }

            means.Add(moments.Mean);
            variances.Add(moments.Variance);
        }

        Within = variances.Mean;
        Total = (Within * (n - 1) / n) + (chains.Length > 1 ? means.Variance : 0);
    }

    /// <summary>W: the mean of the chains' sample variances.</summary>
    public double Within { get; }

    /// <summary>var⁺ = W·(n − 1)/n + the variance of the chains' means.</summary>
    public double Total { get; }
}
