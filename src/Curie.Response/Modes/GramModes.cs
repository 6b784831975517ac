using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Curie.Response.Modes;

/// <summary>
/// The modes of a matrix X of components × tokens, from its Gram matrix X·Xᵀ (components × components): its eigenvectors are the loadings
/// and
/// its eigenvalues |score|² the variances along them.
/// </summary>
/// <param name="Variances">The eigenvalues, falling, none below 0.</param>
/// <param name="Loadings">
/// The eigenvectors, orthonormal. A sign is arbitrary and is fixed by this rule: the loading of largest magnitude is positive; of loadings
/// equal to six digits (what float32 inputs hold), the first component's counts.
/// </param>
internal sealed record GramModes(double[] Variances, double[][] Loadings)
{
    private const double TieTolerance = 1e-6;

    /// <summary>Σ of the eigenvalues, the trace of the Gram matrix.</summary>
    public double Total { get; } = Variances.Sum();

    /// <summary>The share of <see cref="Total"/> along a mode.</summary>
    public double Share(int mode) => Variances[mode] / Total;

    /// <summary>Factors a symmetric matrix.</summary>
    public static GramModes Of(double[,] gram)
    {
        Evd<double> eigen = Matrix<double>.Build.DenseOfArray(gram).Evd(Symmetricity.Symmetric);
        int count = gram.GetLength(0);
        return new GramModes(
            [.. Enumerable.Range(1, count).Select(k => Math.Max(0, eigen.EigenValues[count - k].Real))],
            [.. Enumerable.Range(1, count).Select(k => Oriented(eigen.EigenVectors.Column(count - k).ToArray()))]
        );
    }

    /// <summary>Turns a vector's sign.</summary>
    public static void Negate(double[] loadings)
    {
        for (int c = 0; c < loadings.Length; c++)
        {
            loadings[c] = -loadings[c];
        }
    }

    private static double[] Oriented(double[] loadings)
    {
        double largest = loadings.Max(Math.Abs);
        if (loadings.First(loading => Math.Abs(loading) >= largest * (1 - TieTolerance)) < 0)
        {
            Negate(loadings);
        }

        return loadings;
    }
}
