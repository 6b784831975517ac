using Curie.Sampling.Samplers;

namespace Curie.Sampling.Chains;

/// <summary>A sampler that a saved state names: it equals the one of that name and moves nothing.</summary>
internal sealed class NamedSampler(string name) : Sampler
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override UpdateRule CreateRule(ChainMemory memory) =>
        throw new NotSupportedException($"A saved state knows no more of the sampler {name} than its name.");
}
