using Curie.Response.Estimators;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Sampling;

namespace Curie.Response.Agreement;

/// <summary>
/// The batches of the covariance part of one component, each less its mean over tokens. With shares p_b of the draws, batch means C_b, D_b
/// and Φ_b, φ = Σp_b·Φ_b and d = Σp_b·D_b,
/// <code>
/// response  X_b = C_b          product  X_b = C_b + φ·D_b + d·Φ_b − φ·d − cov(φ, d)
/// </code>
/// whose mean Σp_b·X_b is the estimate. Of a product X_b is its linearisation in the batch means (the delta method), and cov(φ, d), by
/// batch means, is what a product
/// without n − 1 is too small by.
/// </summary>
internal sealed class CovarianceBatches
{
    private CovarianceBatches(double[][] values, int[] draws, (int Unit, int Batch)[] labels)
    {
        Values = values;
        Draws = draws;
        Labels = labels;
    }

    /// <summary>X: batches × tokens, nats².</summary>
    public double[][] Values { get; }

    /// <summary>The draws of every batch.</summary>
    public int[] Draws { get; }

    /// <summary>The pair of chains (or single chain) of every batch, and its number among that pair's.</summary>
    public (int Unit, int Batch)[] Labels { get; }

    /// <summary>Makes the batches of a component.</summary>
    /// <param name="run">The run; it holds the covariance.</param>
    /// <param name="row">The component.</param>
    /// <param name="tokens">The tokens, rising, as indices into the run's; all of them are among those whose batch means it keeps.</param>
    /// <returns>The batches, or null with the reason in words.</returns>
    public static (CovarianceBatches? Batches, string? Reason) Of(SusceptibilityRun run, int row, IReadOnlyList<int> tokens)
    {
        (BatchEstimate? estimate, string? reason) = BatchEstimate.Of(run, [row], ResponsePart.Covariance);
        if (estimate is null)
        {
            return (null, reason);
        }

        double[][] linear = estimate.Linearized(ResponsePart.Covariance, 0);
        double[] constant = run.Manifest.Estimator == CovarianceEstimator.Product ? Constant(estimate) : new double[linear[0].Length];
        int[] picked = [.. tokens.Select(token => run.Data.Batches!.Token.AsSpan().BinarySearch(token))];
        int batches = run.Manifest.Shape.Batches;
        return (
            new CovarianceBatches(
                [.. linear.Select(values => Centred([.. picked.Select(i => values[i] - constant[i])]))],
                estimate.Draws,
                [.. estimate.Units.SelectMany(_ => Enumerable.Range(0, batches), (unit, batch) => (unit, batch))]
            ),
            null
        );
    }

    /// <summary>φ·d + cov(φ, d) = Σ_b {φ·p_b + m_b·(Φ_b − φ)/((B − 1)·N)}·D_b, one per sampled token.</summary>
    private static double[] Constant(BatchEstimate estimate)
    {
        int[] draws = estimate.Draws;
        double[] shares = BatchChoice.All(draws);
        double phi = estimate.Phi(0, shares);
        double[] batchPhi = estimate.PhiOf(0).ToArray();
        double[] weights = [.. shares.Select((share, b) => share * (phi + ((batchPhi[b] - phi) / (draws.Length - 1))))];
        return estimate.Values(ResponsePart.Excess, weights)[0];
    }

    private static double[] Centred(double[] values)
    {
        double mean = values.Average();
        for (int i = 0; i < values.Length; i++)
        {
            values[i] -= mean;
        }

        return values;
    }
}
