using Curie.Numerics;
using Curie.Response.Accumulation;

namespace Curie.Response.Estimators;

/// <summary>
/// Means over draws, and the covariance of such means by batch means: for batches of m_b draws (N in all, B batches) with batch means X_b,
/// Y_b,
/// cov(X̄, Ȳ) = [Σ_b m_b·X_b·Y_b − N·X̄·Ȳ] / ((B − 1)·N), where X̄ = Σ_b m_b·X_b / N. Deviations are taken from the mean over all chains,
/// so
/// chains that disagree widen the error.
/// </summary>
internal readonly struct BatchCovariance
{
    private readonly double _draws;
    private readonly double _scale;

    /// <exception cref="InputException">There are fewer than two batches.</exception>
    public BatchCovariance(TokenMoments moments)
    {
        if (moments.Batches < 2)
        {
            throw new InputException(
                $"a standard error needs at least two batches of draws and the healthy chains have {moments.Batches}; run more chains or "
                    + "at least two draws per chain."
            );
        }

        _draws = moments.Draws;
        DegreesOfFreedom = (int)moments.Batches - 1;
        _scale = 1 / ((moments.Batches - 1) * _draws);
        Phi = Mean(moments.SumPhi);
        PhiPhi = Covariance(moments.SumPhiPhi, Phi, Phi);
    }

    /// <summary>The mean of φ.</summary>
    public double Phi { get; }

    /// <summary>The variance of the mean of φ.</summary>
    public double PhiPhi { get; }

    /// <summary>Batches − 1.</summary>
    public int DegreesOfFreedom { get; }

    public double Mean(double sum) => sum / _draws;

    public double Covariance(double sumOfProducts, double meanX, double meanY) => (sumOfProducts - (_draws * meanX * meanY)) * _scale;
}
