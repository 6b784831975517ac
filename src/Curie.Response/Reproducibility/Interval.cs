namespace Curie.Response.Reproducibility;

/// <summary>A number with its standard error and 95 % interval.</summary>
/// <param name="Value">The number, less its bias where sampling errors and a choice of text move it one way.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">The interval's upper end.</param>
public sealed record Interval(double Value, double StandardError, double Low, double High)
{
    /// <summary>The number as measured, with its bias; null in files of earlier versions, whose value it is.</summary>
    public double? Measured { get; init; }
}
