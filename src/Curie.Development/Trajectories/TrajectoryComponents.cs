using Curie.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Curie.Development.Trajectories;

/// <summary>
/// The principal components of a trajectory: rows of outputs at the checkpoints, the mean over checkpoints removed, factored through the
/// checkpoints'
/// Gram matrix G = (A − ā)(A − ā)ᵀ = UΛUᵀ; the score of a checkpoint on component k is U_tk·√Λ_k.
/// </summary>
/// <param name="Scores">One array per component, a score per checkpoint, in the outputs' unit. The last checkpoint's score is not below the
/// first's.</param>
/// <param name="ExplainedVariance">Each component's share of the variance.</param>
public sealed record TrajectoryComponents(double[][] Scores, double[] ExplainedVariance)
{
    /// <summary>Factors a trajectory.</summary>
    /// <param name="outputs">Checkpoints × outputs.</param>
    /// <param name="components">How many components, at most the number of checkpoints minus one.</param>
    /// <exception cref="InputException">An output is no finite number.</exception>
    /// <exception cref="ArgumentException">There are too few checkpoints, or rows of different lengths.</exception>
    public static TrajectoryComponents Of(IReadOnlyList<double[]> outputs, int components)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        if (components > outputs.Count - 1 || outputs.Any(row => row.Length != outputs[0].Length))
        {
            throw new ArgumentException("There must be more checkpoints than components, with the same outputs each.", nameof(outputs));
        }

        int bad = outputs.ToList().FindIndex(row => !row.All(double.IsFinite));
        if (bad >= 0)
        {
            throw new InputException($"checkpoint {bad + 1} has an output that is no finite number; leave it out.");
        }

        Matrix<double> centred = Matrix<double>.Build.DenseOfRowArrays(outputs);
        Vector<double> mean = centred.ColumnSums() / outputs.Count;
        for (int t = 0; t < outputs.Count; t++)
        {
            centred.SetRow(t, centred.Row(t) - mean);
        }

        Evd<double> eigen = centred.TransposeAndMultiply(centred).Evd(Symmetricity.Symmetric);
        double[] variances = [.. eigen.EigenValues.Reverse().Select(value => Math.Max(0, value.Real))];
        double total = variances.Sum();
        return new TrajectoryComponents(
            [
                .. Enumerable
                    .Range(0, components)
                    .Select(k => Oriented(eigen.EigenVectors.Column(outputs.Count - 1 - k) * Math.Sqrt(variances[k]))),
            ],
            [.. variances.Take(components).Select(variance => total > 0 ? variance / total : 0)]
        );
    }

    private static double[] Oriented(Vector<double> scores) => (scores[scores.Count - 1] < scores[0] ? -scores : scores).ToArray();
}
