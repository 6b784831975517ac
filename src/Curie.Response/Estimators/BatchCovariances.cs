namespace Curie.Response.Estimators;

/// <summary>The covariances of the means of C, D and Φ of one token (<see cref="Accumulation.TokenMoments"/>).</summary>
internal readonly record struct BatchCovariances(double CC, double CD, double DD, double CPhi, double DPhi, double PhiPhi)
{
    /// <summary>The variance of c·C̄ + d·D̄ + p·Φ̄.</summary>
    public double Variance(double c, double d, double p) =>
        (c * c * CC) + (d * d * DD) + (p * p * PhiPhi) + (2 * c * d * CD) + (2 * c * p * CPhi) + (2 * d * p * DPhi);
}
