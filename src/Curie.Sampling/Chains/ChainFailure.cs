using Curie.Numerics;

namespace Curie.Sampling.Chains;

/// <summary>A chain that was stopped. Its draws are left out of every estimate, and the run says so.</summary>
/// <param name="Component">The component.</param>
/// <param name="Chain">The chain, from 0.</param>
/// <param name="Draw">The draw at which, or on the way to which, it was stopped, from 0.</param>
/// <param name="Updates">The updates it had made.</param>
/// <param name="Reason">What was wrong and what to change, as half a sentence.</param>
public sealed record ChainFailure(string Component, int Chain, int Draw, long Updates, string Reason)
{
    /// <summary>The failure in one sentence.</summary>
    public override string ToString() =>
        $"chain {Chain} of {Component} was stopped at draw {Draw} (after {Counted.Of(Updates, "update")}) and is left out: {Reason}.";
}
