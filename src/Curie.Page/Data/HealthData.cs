namespace Curie.Page.Data;

/// <summary>The chains of a component.</summary>
/// <param name="Component">The component.</param>
/// <param name="Chains">Its chains.</param>
/// <param name="Diagnostics">Figures by the manifest’s keys.</param>
/// <param name="Notes">What should not be trusted, in sentences.</param>
internal sealed record HealthData(
    string Component,
    IReadOnlyList<ChainData> Chains,
    IReadOnlyDictionary<string, double?> Diagnostics,
    IReadOnlyList<string> Notes
);
