namespace Curie.Response.Reproducibility;

/// <summary>A number with its standard error and 95 % interval.</summary>
/// <param name="Value">The number.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">The interval's upper end.</param>
public sealed record Interval(double Value, double StandardError, double Low, double High)
{
    /// <summary>The interval of a number that lies between two bounds, with the error and the bias found by resampling.</summary>
    internal static Interval Around(double value, ResampledValue resampled, double least, double most)
    {
        (double low, double high) = (resampled with { Value = value }).Interval();
        return new Interval(value, resampled.StandardError, Math.Clamp(low, least, most), Math.Clamp(high, least, most));
    }
}
