using Curie.Response.Reproducibility;

namespace Curie.Response.Agreement;

/// <summary>
/// The inner products over tokens that the slope of y on x is made of, x and y being the estimates of one component by two runs: ⟨x, y⟩,
/// which noise leaves as it is because the two runs
/// share none, and |x|² without its noise (<see cref="BatchGram"/>); each also with one batch left out.
/// </summary>
internal sealed class SlopeProducts
{
    private readonly double[] _x;
    private readonly double[] _y;
    private readonly double[] _xShares;
    private readonly double[] _yShares;

    /// <summary>Makes the products.</summary>
    /// <param name="x">The regressor's batches.</param>
    /// <param name="y">The other's, at the same tokens.</param>
    public SlopeProducts(CovarianceBatches x, CovarianceBatches y)
    {
        (_xShares, _yShares) = (BatchChoice.All(x.Draws), BatchChoice.All(y.Draws));
        double[] xMean = Mean(x.Values, _xShares);
        double[] yMean = Mean(y.Values, _yShares);
        _x = [.. x.Values.Select(values => Dot(values, yMean))];
        _y = [.. y.Values.Select(values => Dot(values, xMean))];
        (XLabels, YLabels) = (x.Labels, y.Labels);
        BatchGram own = new(x);
        Signal = own.Signal();
        SignalWithout = [.. x.Draws.Select((_, b) => own.Signal(b))];
        Whole = own.Whole;
        RegressorNoise = own.NoiseShare;
        OtherNoise = new BatchGram(y).NoiseShare;
    }

    /// <summary>The regressor's batches: pair of chains, and number within it.</summary>
    public (int Unit, int Batch)[] XLabels { get; }

    /// <summary>The other's.</summary>
    public (int Unit, int Batch)[] YLabels { get; }

    /// <summary>|x|² with its noise.</summary>
    public double Whole { get; }

    /// <summary>|x|² without its noise.</summary>
    public double Signal { get; }

    /// <summary>The same with one batch of x left out, one per batch.</summary>
    public double[] SignalWithout { get; }

    /// <summary>The share of |x|² that is noise.</summary>
    public double RegressorNoise { get; }

    /// <summary>The share of |y|² that is noise.</summary>
    public double OtherNoise { get; }

    /// <summary>⟨x, y⟩.</summary>
    public double Cross => _xShares.Zip(_x, (share, product) => share * product).Sum();

    /// <summary>⟨x, y⟩ without one batch of x.</summary>
    public double CrossWithoutX(int batch) => Without(_x, _xShares, batch);

    /// <summary>⟨x, y⟩ without one batch of y.</summary>
    public double CrossWithoutY(int batch) => Without(_y, _yShares, batch);

    internal static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    private double Without(double[] products, double[] shares, int batch) =>
        (Cross - (shares[batch] * products[batch])) / (1 - shares[batch]);

    private static double[] Mean(double[][] values, double[] shares)
    {
        double[] mean = new double[values[0].Length];
        for (int b = 0; b < values.Length; b++)
        {
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += shares[b] * values[b][i];
            }
        }

        return mean;
    }
}
