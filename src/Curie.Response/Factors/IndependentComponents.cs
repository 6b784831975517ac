using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Curie.Response.Factors;

/// <summary>
/// Independent component analysis by FastICA (Hyvärinen and Oja 2000), symmetric form: of whitened scores z (modes × tokens, unit
/// covariance) the rotation W
/// whose rows w make w·z least Gaussian. One step is
/// <code>
/// W⁺ = E[g(Wz)·zᵀ] − diag(E[g′(Wz)])·W,   g = tanh,   then   W ← (W⁺W⁺ᵀ)^−½·W⁺
/// </code>
/// It begins at the identity, that is at the principal components, so the result has no chance in it.
/// </summary>
internal static class IndependentComponents
{
    private const int MaxIterations = 500;
    private const double Tolerance = 1e-9;

    /// <summary>The rotation W, sources × modes, and whether it was found (otherwise the last iterate).</summary>
    /// <param name="whitened">z.</param>
    public static (Matrix<double> Rotation, bool Converged) Rotation(double[][] whitened)
    {
        int modes = whitened.Length;

        // Exactly at the identity a pair of equal mixtures of two sources is a saddle of the contrast; a small fixed turn leaves it.
        Matrix<double> rotation = Decorrelated(Matrix<double>.Build.Dense(modes, modes, (j, k) => j == k ? 1 : 0.01 * (j - k)));
        for (int i = 0; i < MaxIterations; i++)
        {
            Matrix<double> next = Decorrelated(Step(whitened, rotation));
            double turned = 0;
            for (int j = 0; j < modes; j++)
            {
                turned = Math.Max(turned, 1 - Math.Abs(next.Row(j) * rotation.Row(j)));
            }

            rotation = next;
            if (turned < Tolerance)
            {
                return (rotation, true);
            }
        }

        return (rotation, false);
    }

    private static Matrix<double> Step(double[][] whitened, Matrix<double> rotation)
    {
        int modes = whitened.Length;
        int tokens = whitened[0].Length;
        Matrix<double> next = Matrix<double>.Build.Dense(modes, modes);
        double[] token = new double[modes];
        for (int j = 0; j < modes; j++)
        {
            double[] row = rotation.Row(j).ToArray();
            double[] sums = new double[modes];
            double slopes = 0;
            for (int i = 0; i < tokens; i++)
            {
                double source = 0;
                for (int k = 0; k < modes; k++)
                {
                    token[k] = whitened[k][i];
                    source += row[k] * token[k];
                }

                double g = Math.Tanh(source);
                slopes += 1 - (g * g);
                for (int k = 0; k < modes; k++)
                {
                    sums[k] += g * token[k];
                }
            }

            for (int k = 0; k < modes; k++)
            {
                next[j, k] = (sums[k] - (slopes * row[k])) / tokens;
            }
        }

        return next;
    }

    private static Matrix<double> Decorrelated(Matrix<double> matrix)
    {
        Svd<double> svd = matrix.Svd();
        return svd.U * svd.VT;
    }
}
