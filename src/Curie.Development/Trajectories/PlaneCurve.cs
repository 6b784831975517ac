namespace Curie.Development.Trajectories;

/// <summary>A sampled curve in a plane.</summary>
/// <param name="X">First coordinates.</param>
/// <param name="Y">Second coordinates, as many.</param>
public sealed record PlaneCurve(double[] X, double[] Y)
{
    /// <summary>The number of points.</summary>
    public int Count => X.Length;

    /// <summary>r′ = (c_{t+1} − c_{t−1})/2 at an inner point.</summary>
    internal (double X, double Y) Velocity(int t) => (0.5 * (X[t + 1] - X[t - 1]), 0.5 * (Y[t + 1] - Y[t - 1]));

    /// <summary>r″ = c_{t+1} − 2c_t + c_{t−1} at an inner point.</summary>
    internal (double X, double Y) Acceleration(int t) => (X[t + 1] - (2 * X[t]) + X[t - 1], Y[t + 1] - (2 * Y[t]) + Y[t - 1]);
}
