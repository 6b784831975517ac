namespace Curie.Development.Stages;

/// <summary>One critical point.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="LogStep">Where it is.</param>
/// <param name="Size">|slope| there.</param>
/// <param name="Index">The grid point at or left of it.</param>
internal sealed record SlopeFeature(BoundaryKind Kind, double LogStep, double Size, int Index);
