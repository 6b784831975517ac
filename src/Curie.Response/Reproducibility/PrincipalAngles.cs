using Curie.Numerics.Random;
using MathNet.Numerics.LinearAlgebra;

namespace Curie.Response.Reproducibility;

/// <summary>
/// Principal angles between two subspaces of the same number k of dimensions: with orthonormal bases U and V their cosines are the singular
/// values of
/// UᵀV (Björck and Golub 1973). The largest is 0 where the subspaces agree.
/// </summary>
internal static class PrincipalAngles
{
    private const int RandomPairs = 199;

    /// <summary>The largest angle in degrees, from the k × k matrix UᵀV.</summary>
    public static double Largest(double[,] products)
    {
        double least = Matrix<double>.Build.DenseOfArray(products).Svd(false).S.Minimum();
        return double.RadiansToDegrees(Math.Acos(Math.Clamp(least, 0, 1)));
    }

    /// <summary>UᵀV of the first so many vectors of two lists.</summary>
    public static double[,] Products(double[][] first, double[][] second, int count)
    {
        double[,] products = new double[count, count];
        for (int j = 0; j < count; j++)
        {
            for (int k = 0; k < count; k++)
            {
                products[j, k] = first[j].Zip(second[k], (x, y) => x * y).Sum();
            }
        }

        return products;
    }

    /// <summary>
    /// The mean of the largest angle between two subspaces of uniformly random directions: what no agreement at all looks like.
    /// </summary>
    /// <param name="dimension">The dimension of the space.</param>
    /// <param name="count">That of the subspaces, at most as large.</param>
    /// <param name="seed">The seed.</param>
    public static double OfRandomSubspaces(int dimension, int count, long seed)
    {
        PhiloxStream random = new(PhiloxKey.Derive(seed, RandomPurpose.Bootstrap, "subspaces"), (ulong)count);
        double sum = 0;
        for (int pair = 0; pair < RandomPairs; pair++)
        {
            Matrix<double> first = Basis();
            sum += Largest(first.TransposeThisAndMultiply(Basis()).ToArray());
        }

        return sum / RandomPairs;

        Matrix<double> Basis() =>
            Matrix<double>
                .Build.Dense(dimension, count, (_, _) => random.NextGaussian())
                .QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Thin)
                .Q;
    }
}
