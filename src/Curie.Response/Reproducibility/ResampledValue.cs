using Curie.Numerics.Statistics;
using MathNet.Numerics.Distributions;

namespace Curie.Response.Reproducibility;

/// <summary>
/// A number with what resampling says of it: of the batches of all chains, and of the rows of text. The two are drawn apart, since
/// they are crossed (every row is seen by every chain); their variances and biases add up.
/// </summary>
internal sealed class ResampledValue
{
    private const double Level = 0.975;
    private readonly IntervalScale _scale;
    private RunningMoments _batches;
    private RunningMoments _rows;
    private RunningMoments _plainBatches;
    private RunningMoments _plainRows;

    /// <param name="value">The number, from all batches and rows.</param>
    /// <param name="scale">The scale of its interval.</param>
    public ResampledValue(double value, IntervalScale scale)
    {
        Value = value;
        _scale = scale;
    }

    /// <summary>The number, from all batches and rows.</summary>
    public double Value { get; }

    /// <summary>The mean over samples of other batches.</summary>
    public double MeanOfBatches => _plainBatches.Mean;

    /// <summary>The mean over samples of other rows.</summary>
    public double MeanOfRows => _plainRows.Mean;

    /// <summary>Adds a sample of other batches.</summary>
    public void AddBatches(double sample)
    {
        _batches.Add(_scale.To(sample));
        _plainBatches.Add(sample);
    }

    /// <summary>Adds a sample of other rows.</summary>
    public void AddRows(double sample)
    {
        _rows.Add(_scale.To(sample));
        _plainRows.Add(sample);
    }

    /// <summary>
    /// The 95 % interval. A bootstrap of K independent things has a variance and a bias that are too small by (K − 1)/K; both are made
    /// good.
    /// </summary>
    /// <param name="batches">How many batches were drawn from.</param>
    /// <param name="rows">How many rows, over all probes, less the number of probes.</param>
    /// <param name="corrects">Whether the bias is taken off.</param>
    /// <param name="measured">The number as the run's files hold it; by default that of all batches.</param>
    public Interval ToInterval(int batches, int rows, bool corrects, double? measured = null)
    {
        double known = measured ?? Value;
        bool hasRows = _rows.Count > 1;
        double widening = batches / (batches - 1.0);
        double bias = corrects ? ((_batches.Mean - _scale.To(Value)) * widening) + (hasRows ? _rows.Mean - _scale.To(Value) : 0) : 0;
        double middle = _scale.To(known) - bias;
        double half = HalfWidth((_batches.Variance * widening, batches - 1), (hasRows ? _rows.Variance : 0, rows));
        return new Interval(
            corrects ? _scale.From(middle) : known,
            Math.Sqrt((_plainBatches.Variance * widening) + (hasRows ? _plainRows.Variance : 0)),
            _scale.From(middle - half),
            _scale.From(middle + half)
        )
        {
            Measured = known,
        };
    }

    /// <summary>
    /// Student's t times the root of a sum of variances, with Satterthwaite's (1946) degrees of freedom.
    /// </summary>
    internal static double HalfWidth(params ReadOnlySpan<(double Variance, int Freedom)> parts)
    {
        double sum = 0;
        double squares = 0;
        foreach ((double variance, int freedom) in parts)
        {
            sum += variance;
            squares += variance * variance / Math.Max(1, freedom);
        }

        return sum > 0 ? Math.Sqrt(sum) * StudentT.InvCDF(0, 1, sum * sum / squares, Level) : sum;
    }
}
