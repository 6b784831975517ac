namespace Curie.Response.Runs;

/// <summary>A complete run, as read from its folder.</summary>
/// <param name="Manifest">What was run.</param>
/// <param name="Data">What came out.</param>
public sealed record SusceptibilityRun(RunManifest Manifest, SusceptibilityData Data);
