namespace Curie.Sampling.Samplers;

/// <summary><see cref="Sampler.Mala"/>.</summary>
internal sealed class MetropolisSampler : Sampler
{
    /// <inheritdoc/>
    public override string Name => "mala";

    /// <inheritdoc/>
    public override bool HasStepEffect => false;

    /// <inheritdoc/>
    public override bool NeedsExactLosses => true;

    /// <inheritdoc/>
    public override string? WhyUncoupled => "the sampler mala accepts and rejects, which two chains do not do together";

    /// <inheritdoc/>
    public override string? Objection(SamplingOptions options) =>
        options is { NoiseLevel: 0 }
            ? "sampling.noise_level is 0, and mala holds a temperature that it sets: give a number above 0, or take sgld."
            : null;

    /// <inheritdoc/>
    public override UpdateRule CreateRule(ChainMemory memory) => new MetropolisRule(memory);
}
