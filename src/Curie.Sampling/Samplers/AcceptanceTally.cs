namespace Curie.Sampling.Samplers;

/// <summary>The mean of min(1, r) over a chain's steps after burn-in.</summary>
public sealed class AcceptanceTally(long burnIn)
{
    /// <summary>Σ min(1, r).</summary>
    public double Sum { get; private set; }

    /// <summary>The steps counted.</summary>
    public double Count { get; private set; }

    /// <summary>The rate; null before the first step is judged.</summary>
    public double? Rate => Count > 0 ? Sum / Count : null;

    /// <summary>Judges the step that began after <paramref name="step"/> updates. A ratio that is not a number accepts nothing.</summary>
    public void Add(double logRatio, long step)
    {
        if (step >= burnIn)
        {
            Count++;
            Sum += double.IsNaN(logRatio) ? 0 : Math.Exp(Math.Min(logRatio, 0));
        }
    }

    /// <summary>Continues from saved sums.</summary>
    public void Restore(double sum, double count)
    {
        Sum = sum;
        Count = count;
    }
}
