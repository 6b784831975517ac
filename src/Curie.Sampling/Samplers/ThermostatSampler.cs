namespace Curie.Sampling.Samplers;

/// <summary><see cref="Sampler.Sgnht"/>.</summary>
internal sealed class ThermostatSampler : Sampler
{
    /// <inheritdoc/>
    public override string Name => "sgnht";

    /// <inheritdoc/>
    public override bool HasStepEffect => false;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Keys => [ThermostatOptions.FrictionKey, ThermostatOptions.RateKey];

    /// <inheritdoc/>
    public override string? WhyUncoupled => "the sampler sgnht carries momenta and friction, which do not contract";

    /// <inheritdoc/>
    public override string? Objection(SamplingOptions options) =>
        options switch
        {
            { NoiseLevel: 0 } =>
                "sampling.noise_level is 0, and sgnht holds a temperature that it sets: give a number above 0, or take sgld.",
            _ when double.IsFinite(options.BoxRadius) =>
                "sgnht carries momentum, which has no box to be reflected in: take sgld or mala for a surface between walls.",
            _ => null,
        };

    /// <inheritdoc/>
    public override UpdateRule CreateRule(ChainMemory memory) => new ThermostatRule(memory);
}
