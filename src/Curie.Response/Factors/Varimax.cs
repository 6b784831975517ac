using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Curie.Response.Factors;

/// <summary>
/// Varimax rotation (Kaiser 1958): the rotation R of orthonormal loadings A (components × modes) that makes B = A·R have the largest
/// variance of squared
/// loadings, Σ_k [Σ_c b_ck⁴ − (Σ_c b_ck²)²/n]: each mode then has few large loadings, so that modes name components.
/// </summary>
internal static class Varimax
{
    private const int MaxIterations = 1000;
    private const double Tolerance = 1e-12;

    /// <summary>The rotation, modes × modes.</summary>
    /// <param name="loadings">A, orthonormal columns.</param>
    /// <remarks>
    /// The fixed point R = U·Vᵀ of U·S·Vᵀ = Aᵀ·(B³ − B·diag(Σ_c b²)/n), iterated; it begins at the principal
    /// components, so the result has no chance in it. Exactly there an equal mixture of two components is a saddle of the criterion; a
    /// small fixed turn leaves it.
    /// </remarks>
    public static Matrix<double> Rotation(Matrix<double> loadings)
    {
        int n = loadings.RowCount;
        int modes = loadings.ColumnCount;
        Svd<double> start = Matrix<double>.Build.Dense(modes, modes, (j, k) => j == k ? 1 : 0.01 * (j - k)).Svd();
        Matrix<double> rotation = start.U * start.VT;
        double previous = 0;
        for (int i = 0; i < MaxIterations; i++)
        {
            Matrix<double> rotated = loadings * rotation;
            Matrix<double> squares = rotated.PointwisePower(2);
            Matrix<double> target =
                rotated.PointwisePower(3) - (rotated * Matrix<double>.Build.DenseOfDiagonalVector(squares.ColumnSums() / n));
            Svd<double> svd = loadings.TransposeThisAndMultiply(target).Svd();
            rotation = svd.U * svd.VT;
            double size = svd.S.Sum();
            if (size <= previous * (1 + Tolerance))
            {
                break;
            }

            previous = size;
        }

        return rotation;
    }

    /// <summary>The criterion that the rotation makes largest.</summary>
    public static double Criterion(Matrix<double> loadings)
    {
        Matrix<double> squares = loadings.PointwisePower(2);
        return squares.PointwisePower(2).ColumnSums().Sum() - (squares.ColumnSums().PointwisePower(2).Sum() / loadings.RowCount);
    }
}
