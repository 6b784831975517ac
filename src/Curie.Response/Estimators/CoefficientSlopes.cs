using Curie.Response.Accumulation;
using Curie.Sampling;

namespace Curie.Response.Estimators;

/// <summary>
/// The derivative of a component's learning coefficient with the data. With a share h of a probe in the data, L_h = (1 − h)·L + h·L_probe
/// and
/// λ̂_h = nβ·(E_h[L_h] − L_h(w*)), E_h under the posterior of L_h at the same w*, nβ and localisation. At h = 0
/// <code>
/// dλ̂/dh = nβ·(R − R(w*)) + (nβ)²·covariance/σ²
/// </code>
/// with R = E_C[ℓ − P] and the covariance −Cov_C(φ, ℓ − P) of the probe's mean loss ℓ; components × probes, without unit; σ is the noise
/// level, whose chains sample e^{−U/σ²}. The standard error is that of the batch
/// means of the linearised sum, nβ·D + (nβ)²/σ²·(C + κ(φ̄·D + d̄·Φ)), with the symbols of <see cref="SusceptibilityEstimates"/>. At nβ = 0
/// both are 0.
/// </summary>
/// <remarks>Source: the product rule, and d⟨O⟩_h/dh = −nβ·Cov(O, L_probe − L) for any observable O that does not depend on h.</remarks>
public sealed class CoefficientSlopes
{
    /// <summary>Slopes of zero.</summary>
    public CoefficientSlopes(int components, int probes)
    {
        Probes = probes;
        Values = new double[checked(components * probes)];
        StandardErrors = new double[checked(components * probes)];
    }

    /// <summary>The number of probes.</summary>
    public int Probes { get; }

    /// <summary>dλ̂/dh; element (component, probe) is at component·<see cref="Probes"/> + probe.</summary>
    public double[] Values { get; }

    /// <summary>The standard errors, laid out as <see cref="Values"/>.</summary>
    public double[] StandardErrors { get; }

    /// <summary>Estimates the row of a component.</summary>
    /// <param name="row">The component's row.</param>
    /// <param name="probes">Its sums, one column per probe.</param>
    /// <param name="nBeta">nβ.</param>
    /// <param name="temperature">σ², above 0.</param>
    /// <exception cref="ArgumentException">The sums hold another number of probes.</exception>
    /// <exception cref="Numerics.InputException">The healthy chains hold fewer than two batches.</exception>
    public void SetRow(int row, TokenMoments probes, double nBeta, double temperature = 1)
    {
        ArgumentNullException.ThrowIfNull(probes);
        if (probes.Tokens != Probes)
        {
            throw new ArgumentException($"{probes.Tokens} probes do not fit a row of {Probes}.", nameof(probes));
        }

        BatchCovariance batches = new(probes);
        double square = nBeta * nBeta / temperature;
        double kappa = probes.Estimator == CovarianceEstimator.Product ? 1 : 0;
        for (int probe = 0; probe < Probes; probe++)
        {
            double c = batches.Mean(probes.SumC[probe]);
            double d = batches.Mean(probes.SumD[probe]);
            double covariance = c + (kappa * batches.Phi * d);
            double variance = BatchCovariances
                .Of(probe, probes, batches, c, d)
                .Variance(square, nBeta + (square * kappa * batches.Phi), square * kappa * d);
            Values[(row * Probes) + probe] = (nBeta * d) + (square * covariance);

            // Rounding can take the variance of a constant just below zero.
            StandardErrors[(row * Probes) + probe] = Math.Sqrt(Math.Max(0, variance));
        }
    }

    /// <summary>Fills the row of a component that has no estimate.</summary>
    public void FillRow(int row, double value)
    {
        Values.AsSpan(row * Probes, Probes).Fill(value);
        StandardErrors.AsSpan(row * Probes, Probes).Fill(value);
    }
}
