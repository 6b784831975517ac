namespace Curie.Networks.Architecture;

/// <summary>Which frequencies a scaling by parts changes.</summary>
/// <param name="LowFactor">Pairs that turn fewer times than this in the original context are scaled whole.</param>
/// <param name="HighFactor">Pairs that turn more times than this are kept.</param>
/// <param name="OriginalContext">The context N of the first training.</param>
public sealed record RotaryParts(double LowFactor, double HighFactor, int OriginalContext);
