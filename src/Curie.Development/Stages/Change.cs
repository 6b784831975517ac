namespace Curie.Development.Stages;

/// <summary>How much a quantity changes over a stage.</summary>
/// <param name="Value">The later minus the earlier smoothed value.</param>
/// <param name="StandardError">Its posterior standard deviation.</param>
public sealed record Change(double Value, double StandardError)
{
    /// <summary>The posterior probability that the quantity rises.</summary>
    public double ProbabilityOfRise =>
        StandardError > 0 ? MathNet.Numerics.Distributions.Normal.CDF(0, 1, Value / StandardError)
        : Value > 0 ? 1
        : Value < 0 ? 0
        : 0.5;
}
