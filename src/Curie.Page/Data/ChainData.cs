namespace Curie.Page.Data;

/// <summary>A chain.</summary>
/// <param name="Healthy">Whether estimates use it.</param>
/// <param name="Draw">Where it was stopped.</param>
/// <param name="Reason">Why.</param>
internal sealed record ChainData(bool Healthy, int? Draw, string? Reason);
