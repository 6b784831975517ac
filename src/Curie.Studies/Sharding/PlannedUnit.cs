namespace Curie.Studies.Sharding;

/// <summary>A checkpoint, on one data set where there are several.</summary>
/// <param name="Name">What it is called in messages and files; empty where there is only one.</param>
/// <param name="Fingerprint">Identifies its settings, weights and data.</param>
public sealed record PlannedUnit(string Name, string Fingerprint);
