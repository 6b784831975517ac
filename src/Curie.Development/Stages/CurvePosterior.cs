using Curie.Numerics.Random;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Curie.Development.Stages;

/// <summary>A Gaussian posterior of a function, or of its derivative, at some points.</summary>
/// <param name="Points">The points x.</param>
/// <param name="Mean">The posterior mean at each.</param>
/// <param name="Covariance">The posterior covariance, points × points.</param>
public sealed record CurvePosterior(double[] Points, double[] Mean, Matrix<double> Covariance)
{
    /// <summary>
    /// The share of the largest eigenvalue below which a direction is rounding error: 1e-12, some thousand times float64's resolution.
    /// </summary>
    private const double RoundingShare = 1e-12;

    /// <summary>The posterior standard deviation at each point.</summary>
    public double[] StandardDeviations => [.. Covariance.Diagonal().Select(variance => Math.Sqrt(Math.Max(0, variance)))];

    /// <summary>The difference of the function between two of the points, later minus earlier, and its standard deviation.</summary>
    public (double Mean, double StandardError) Difference(int earlier, int later)
    {
        double variance = Covariance[later, later] + Covariance[earlier, earlier] - (2 * Covariance[later, earlier]);
        return (Mean[later] - Mean[earlier], Math.Sqrt(Math.Max(0, variance)));
    }

    /// <summary>
    /// Independent draws, mean + V·√Λ·z with VΛVᵀ the covariance: nearby points of a smooth function make it singular in float64, where a
    /// Cholesky
    /// factor would need jitter.
    /// </summary>
    /// <param name="count">How many.</param>
    /// <param name="random">Gives z.</param>
    public IEnumerable<double[]> Draws(int count, PhiloxStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Evd<double> eigen = Covariance.Evd(Symmetricity.Symmetric);
        double largest = eigen.EigenValues[^1].Real;
        int[] kept = [.. Enumerable.Range(0, Points.Length).Where(k => eigen.EigenValues[k].Real > RoundingShare * largest)];
        Matrix<double> roots = Matrix<double>.Build.DenseOfColumnVectors(
            kept.Select(k => Oriented(eigen.EigenVectors.Column(k)) * Math.Sqrt(eigen.EigenValues[k].Real))
                .DefaultIfEmpty(Vector<double>.Build.Dense(Points.Length))
        );
        Vector<double> z = Vector<double>.Build.Dense(roots.ColumnCount);
        for (int draw = 0; draw < count; draw++)
        {
            z.MapInplace(_ => random.NextGaussian(), Zeros.Include);
            Vector<double> deviation = roots * z;
            yield return [.. Mean.Zip(deviation, (mean, difference) => mean + difference)];
        }
    }

    /// <summary>
    /// An eigenvector's sign is arbitrary; the element of largest size is made positive, so that draws do not depend on the solver's
    /// choice.
    /// </summary>
    private static Vector<double> Oriented(Vector<double> vector) => vector[vector.AbsoluteMaximumIndex()] < 0 ? -vector : vector;
}
