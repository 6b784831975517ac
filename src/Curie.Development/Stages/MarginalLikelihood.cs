using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Curie.Development.Stages;

/// <summary>
/// The Gaussian process y_i = m + f(x_i) + e_i with f ~ GP(0, c·exp(−(x − x′)²/(2l²))), independent e_i ~ N(0, s_i² + v), s_i known and v
/// fitted,
/// and a constant m of which nothing is known. With K the covariance of f + e, A = 1ᵀK⁻¹1 and m̂ = 1ᵀK⁻¹y/A, the log marginal likelihood is
/// −½ (y − m̂)ᵀK⁻¹(y − m̂) − ½ log|K| − ½ log A − ½ (n − 1) log 2π.
/// </summary>
/// <remarks>
/// Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), equations 2.41, 2.42 and 2.45 with one constant basis function
/// and a flat prior.
/// </remarks>
internal sealed class MarginalLikelihood
{
    private readonly double[] _x;
    private readonly double _length;

    public MarginalLikelihood(double[] x, double[] y, double[] knownVariance, double amplitude, double length, double noise)
    {
        _x = x;
        (Amplitude, _length) = (amplitude, length);
        int n = x.Length;
        Matrix<double> covariance = Matrix<double>.Build.Dense(n, n, (i, j) =>
            Kernel(x[i] - x[j]) + (i == j ? noise + knownVariance[i] : 0)
        );
        Factor = covariance.Cholesky();
        Vector<double> values = Vector<double>.Build.DenseOfArray(y);
        OnesSolved = Factor.Solve(Vector<double>.Build.Dense(n, 1));
        Precision = OnesSolved.Sum();
        Mean = (OnesSolved * values) / Precision;
        Vector<double> residual = values - Mean;
        Weights = Factor.Solve(residual);
        Log =
            (-0.5 * (residual * Weights))
            - (0.5 * Factor.DeterminantLn)
            - (0.5 * Math.Log(Precision))
            - (0.5 * (n - 1) * Math.Log(2 * Math.PI));
    }

    /// <summary>The log marginal likelihood.</summary>
    public double Log { get; }

    /// <summary>c.</summary>
    public double Amplitude { get; }

    /// <summary>m̂.</summary>
    public double Mean { get; }

    /// <summary>A, the inverse variance of m̂.</summary>
    public double Precision { get; }

    /// <summary>K⁻¹1.</summary>
    public Vector<double> OnesSolved { get; }

    /// <summary>K⁻¹(y − m̂).</summary>
    public Vector<double> Weights { get; }

    /// <summary>K's Cholesky factor.</summary>
    public Cholesky<double> Factor { get; }

    /// <summary>Cov(f(x), f(x′)) at x − x′.</summary>
    public double Kernel(double difference) => Amplitude * Math.Exp(-0.5 * difference * difference / (_length * _length));

    /// <summary>Cov(f′(x), f(x′)) = −(x − x′)/l²·k.</summary>
    public double SlopeKernel(double difference) => -difference / (_length * _length) * Kernel(difference);

    /// <summary>Cov(f′(x), f′(x′)) = (1/l² − (x − x′)²/l⁴)·k.</summary>
    public double SlopeSlopeKernel(double difference)
    {
        double square = _length * _length;
        return ((1 / square) - (difference * difference / (square * square))) * Kernel(difference);
    }

    /// <summary>The measured points' covariances with something at other points: measured × points.</summary>
    /// <param name="points">The other points.</param>
    /// <param name="kernel">The covariance at (point − measured).</param>
    public Matrix<double> Cross(double[] points, Func<double, double> kernel) =>
        Matrix<double>.Build.Dense(_x.Length, points.Length, (i, j) => kernel(points[j] - _x[i]));
}
