using Curie.Response.Accumulation;

namespace Curie.Response.Estimators;

/// <summary>The covariances of the means of C, D and Φ of one token (<see cref="TokenMoments"/>).</summary>
internal readonly record struct BatchCovariances(double CC, double CD, double DD, double CPhi, double DPhi, double PhiPhi)
{
    /// <summary>Those of token <paramref name="i"/>, whose means are <paramref name="c"/> and <paramref name="d"/>.</summary>
    public static BatchCovariances Of(int i, TokenMoments sums, in BatchCovariance batches, double c, double d) =>
        new(
            batches.Covariance(sums.SumCC[i], c, c),
            batches.Covariance(sums.SumCD[i], c, d),
            batches.Covariance(sums.SumDD[i], d, d),
            batches.Covariance(sums.SumCPhi[i], c, batches.Phi),
            batches.Covariance(sums.SumDPhi[i], d, batches.Phi),
            batches.PhiPhi
        );

    /// <summary>The variance of c·C̄ + d·D̄ + p·Φ̄.</summary>
    public double Variance(double c, double d, double p) =>
        (c * c * CC) + (d * d * DD) + (p * p * PhiPhi) + (2 * c * d * CD) + (2 * c * p * CPhi) + (2 * d * p * DPhi);
}
