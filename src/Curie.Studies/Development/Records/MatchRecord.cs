namespace Curie.Studies.Development.Records;

/// <summary>A boundary and the point of the trajectory that lies nearest.</summary>
/// <param name="BoundaryStep">Where the boundary is, in updates.</param>
/// <param name="Step">Where the point is.</param>
/// <param name="Distance">How far apart they are, in log steps.</param>
/// <param name="Inside">Whether the point lies in the boundary's interval.</param>
public sealed record MatchRecord(double BoundaryStep, double Step, double Distance, bool Inside);
