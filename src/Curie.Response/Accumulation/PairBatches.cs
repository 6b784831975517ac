namespace Curie.Response.Accumulation;

/// <summary>The batch means that a healthy pair of chains left behind.</summary>
/// <param name="Pair">The pair, from 0; where chains are not paired, the chain.</param>
/// <param name="Tokens">Those of the sampled tokens.</param>
/// <param name="Probes">Those of every probe's mean.</param>
public sealed record PairBatches(int Pair, BatchRecord Tokens, BatchRecord Probes);
