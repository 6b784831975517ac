namespace Curie.Sampling.Samplers;

/// <summary><see cref="Sampler.RmsPropSgld"/>.</summary>
internal sealed class RmsPropSampler : Sampler
{
    /// <inheritdoc/>
    public override string Name => "rmsprop-sgld";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Keys =>
        [PreconditionerOptions.DecayKey, PreconditionerOptions.OffsetKey, PreconditionerOptions.BiasCorrectionKey];

    /// <inheritdoc/>
    public override double LargestPreconditioner(SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return 1 / options.Preconditioner.Offset;
    }

    /// <inheritdoc/>
    public override UpdateRule CreateRule(ChainMemory memory) => new RmsPropRule(memory);
}
