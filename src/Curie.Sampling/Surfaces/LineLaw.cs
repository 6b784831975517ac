namespace Curie.Sampling.Surfaces;

/// <summary>
/// A law on the line on a grid fine enough that expectations of smooth functions are right to about ten digits: the posterior e^{−U}, or
/// the stationary law of SGLD with a finite step on U.
/// </summary>
public sealed class LineLaw
{
    /// <summary>Where U is this far above its lowest value the grid ends: e^{−60} is nothing in float64, also times powers of x.</summary>
    private const double Depth = 60;

    private const int PosteriorPoints = 4001;

    /// <summary>More points than this mean a step so small that its effect is below 10⁻⁴ of the value.</summary>
    private const int LargestChainGrid = 2500;

    private readonly double[] _points;
    private readonly double[] _weights;

    private LineLaw(double[] points, double[] weights)
    {
        _points = points;
        _weights = weights;
        double total = weights.Sum();
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] /= total;
        }
    }

    /// <summary>
    /// The law of density e^{−U}/Z, by the trapezoidal rule, which converges faster than any power of the spacing for a smooth U (and as
    /// fast as U is smooth otherwise).
    /// </summary>
    /// <param name="potential">U, which rises without bound on both sides, and lowest near 0.</param>
    public static LineLaw Posterior(Func<double, double> potential)
    {
        ArgumentNullException.ThrowIfNull(potential);
        double[] points = Grid(Reach(potential), PosteriorPoints);
        double lowest = points.Min(potential);
        return new LineLaw(points, Array.ConvertAll(points, x => Math.Exp(lowest - potential(x))));
    }

    /// <summary>
    /// The stationary law of x ← x − (ε/2)U'(x) + √ε·η: of the Markov chain that its Gaussian kernel makes on a grid of spacing 0.6·√ε
    /// (trapezoidal error e^{−2π²/0.36} ≈ 10⁻²⁴ for a smooth drift). Solved without subtractions by the elimination of Grassmann, Taksar
    /// and Heyman (1985). For a potential steeper than a square, of which every such chain runs away in the end, it is the law until then.
    /// </summary>
    /// <param name="potential">U.</param>
    /// <param name="slope">U'.</param>
    /// <param name="step">ε.</param>
    /// <returns>The law; null where the step is so small that it differs from <see cref="Posterior"/> by less than 10⁻⁴ of a
    /// value.</returns>
    public static LineLaw? Stationary(Func<double, double> potential, Func<double, double> slope, double step)
    {
        ArgumentNullException.ThrowIfNull(potential);
        ArgumentNullException.ThrowIfNull(slope);
        double reach = Reach(potential);
        double count = Math.Ceiling(2 * reach / (0.6 * Math.Sqrt(step)));
        if (count > LargestChainGrid)
        {
            return null;
        }

        double[] points = Grid(reach, Math.Max((int)count, 101));
        double[][] kernel = Array.ConvertAll(points, from =>
        {
            double mean = from - (step / 2 * slope(from));
            return Array.ConvertAll(points, to =>
                Math.Abs(to - mean) < 9 * Math.Sqrt(step) ? Math.Exp(-(to - mean) * (to - mean) / (2 * step)) : 0
            );
        });
        Normalize(kernel);
        return new LineLaw(points, Eliminate(kernel));
    }

    /// <summary>E[f].</summary>
    public double Mean(Func<double, double> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        double sum = 0;
        for (int i = 0; i < _points.Length; i++)
        {
            sum += _weights[i] * f(_points[i]);
        }

        return sum;
    }

    private static double[] Grid(double reach, int count) =>
        [.. Enumerable.Range(0, count).Select(i => reach * ((2.0 * i / (count - 1)) - 1))];

    private static double Reach(Func<double, double> potential)
    {
        double reach = 1;
        double lowest = potential(0);
        while (Math.Min(potential(reach), potential(-reach)) - lowest > Depth && reach > 1e-100)
        {
            reach /= 1.25;
        }

        while (Math.Min(potential(reach), potential(-reach)) - lowest < Depth && reach < 1e100)
        {
            reach *= 1.25;
        }

        return reach;
    }

    private static void Normalize(double[][] kernel)
    {
        foreach (double[] row in kernel)
        {
            double sum = row.Sum();
            for (int i = 0; i < row.Length && sum > 0; i++)
            {
                row[i] /= sum;
            }
        }
    }

    /// <summary>
    /// Takes states out one by one from the last, as if the chain were watched only while in the others; then puts them back.
    /// </summary>
    private static double[] Eliminate(double[][] kernel)
    {
        for (int last = kernel.Length - 1; last > 0; last--)
        {
            double[] row = kernel[last];
            int first = Math.Max(Array.FindIndex(row, value => value > 0), 0);
            double leaving = row.AsSpan(0, last).ToArray().Sum();
            for (int i = 0; i < last; i++)
            {
                double share = leaving > 0 ? kernel[i][last] / leaving : 0;
                kernel[i][last] = share;
                for (int j = first; share > 0 && j < last; j++)
                {
                    kernel[i][j] += share * row[j];
                }
            }
        }

        double[] law = new double[kernel.Length];
        law[0] = 1;
        for (int state = 1; state < law.Length; state++)
        {
            for (int i = 0; i < state; i++)
            {
                law[state] += law[i] * kernel[i][state];
            }
        }

        return law;
    }
}
