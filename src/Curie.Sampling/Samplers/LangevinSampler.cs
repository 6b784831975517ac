namespace Curie.Sampling.Samplers;

/// <summary><see cref="Sampler.Sgld"/>.</summary>
internal sealed class LangevinSampler : Sampler
{
    /// <inheritdoc/>
    public override string Name => "sgld";

    /// <inheritdoc/>
    public override UpdateRule CreateRule(ChainMemory memory) => new LangevinRule(memory);
}
