namespace Curie.Sampling.Surfaces;

/// <summary>A function on the line.</summary>
/// <param name="Value">f.</param>
/// <param name="Slope">f'.</param>
internal sealed record LineFunction(Func<double, double> Value, Func<double, double> Slope);
