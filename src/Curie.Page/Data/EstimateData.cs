namespace Curie.Page.Data;

/// <summary>A number with its standard error.</summary>
/// <param name="Value">The number.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record EstimateData(double Value, double Error);
