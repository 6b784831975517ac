namespace Curie.Page.Data;

/// <summary>What the loss gains without the component.</summary>
/// <param name="Name">A probe, or a pattern of tokens in words.</param>
/// <param name="Value">Nats per token.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record CardEffectData(string Name, double Value, double Error);
