namespace Curie.Development.Coefficients;

/// <summary>A chain that was stopped, as files keep it.</summary>
/// <param name="Chain">The chain, from 0.</param>
/// <param name="Draw">The draw at which, or on the way to which, it was stopped, from 0.</param>
/// <param name="Reason">What was wrong and what to change, as half a sentence.</param>
public sealed record ExcludedChain(int Chain, int Draw, string Reason);
