namespace Curie.Response.Accumulation;

/// <summary>The batch means that a healthy chain left behind.</summary>
/// <param name="Chain">The chain, from 0.</param>
/// <param name="Tokens">Those of the sampled tokens.</param>
/// <param name="Probes">Those of every probe's mean.</param>
public sealed record ChainBatches(int Chain, BatchRecord Tokens, BatchRecord Probes);
