namespace Curie.Numerics.Statistics;

/// <summary>
/// Count, mean and variance of numbers seen one at a time, without the cancellation of Σx² − (Σx)²/n (Welford 1962). Two of them can be
/// merged (Chan, Golub and LeVeque 1979).
/// </summary>
public struct RunningMoments
{
    private double _squares;

    /// <summary>How many numbers were added.</summary>
    public long Count { get; private set; }

    /// <summary>Their mean; 0 before the first.</summary>
    public double Mean { get; private set; }

    /// <summary>The sample variance Σ(x − mean)²/(n − 1); NaN for fewer than two numbers.</summary>
    public readonly double Variance => Count > 1 ? _squares / (Count - 1) : double.NaN;

    /// <summary>The square root of the variance.</summary>
    public readonly double StandardDeviation => Math.Sqrt(Variance);

    /// <summary>The standard error of the mean of independent numbers, √(variance/n).</summary>
    public readonly double StandardError => Math.Sqrt(Variance / Count);

    /// <summary>Adds one number.</summary>
    public void Add(double value)
    {
        Count++;
        double fromOldMean = value - Mean;
        Mean += fromOldMean / Count;
        _squares += fromOldMean * (value - Mean);
    }

    /// <summary>Adds all numbers that <paramref name="other"/> has seen.</summary>
    public void Merge(in RunningMoments other)
    {
        if (other.Count == 0)
        {
            return;
        }

        long total = Count + other.Count;
        double difference = other.Mean - Mean;
        _squares += other._squares + (difference * difference * Count * other.Count / total);
        Mean += difference * other.Count / total;
        Count = total;
    }
}
