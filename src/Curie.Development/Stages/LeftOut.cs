namespace Curie.Development.Stages;

/// <summary>A checkpoint that has no part in a curve.</summary>
/// <param name="Step">Its step.</param>
/// <param name="Reason">Its health, as the table names it.</param>
public sealed record LeftOut(double Step, string Reason);
