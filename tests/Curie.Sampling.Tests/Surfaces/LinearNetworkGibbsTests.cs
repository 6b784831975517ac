using Curie.Numerics.Statistics;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Tests.Surfaces;

public sealed class LinearNetworkGibbsTests
{
    /// <summary>
    /// nβE[K] of reduced-rank regression of true rank 0 at c = 2nβ/N and γ = 1, from an independent integration over the eigenvalues of
    /// AAᵀ, to six digits. Tolerance: 4 standard errors of the sampler, which must themselves be below 3 %.
    /// </summary>
    [Theory]
    [InlineData(2, 1, 2, 1e2, 0.794464)]
    [InlineData(2, 1, 2, 1e4, 0.892832)]
    [InlineData(3, 1, 2, 1e2, 0.939436)]
    [InlineData(4, 2, 3, 1e2, 2.677234)]
    public void Two_layers_have_the_exact_loss_at_a_finite_temperature(int input, int hidden, int output, double c, double expected)
    {
        LinearNetworkGibbs gibbs = new(new LinearNetworkSurface([input, hidden, output], 0), c * output / 2, 1, 3);
        double[] losses = new double[8000];
        for (int sweep = -200; sweep < losses.Length; sweep++)
        {
            gibbs.Sweep();
            losses[Math.Max(sweep, 0)] = gibbs.Loss();
        }

        MeanEstimate estimate = BatchMeans.Estimate(losses);
        Assert.InRange(estimate.StandardError, 0, 0.03 * expected);
        Assert.InRange(estimate.Mean, expected - (4 * estimate.StandardError), expected + (4 * estimate.StandardError));
    }
}
