namespace Curie.Sampling.Samplers;

/// <summary>The thermostat of <see cref="Sampler.Sgnht"/>.</summary>
public sealed record ThermostatOptions
{
    /// <summary>The key of α in the <c>sampling</c> section.</summary>
    public const string FrictionKey = "friction";

    /// <summary>The key of κ in the <c>sampling</c> section.</summary>
    public const string RateKey = "thermostat_rate";

    /// <summary>
    /// α (friction), 0.1 by default; above 0: the friction that balances the injected noise, per update. A chain without gradient noise
    /// forgets its momentum in
    /// 1/α updates; what gradient noise adds, the thermostat takes out by more friction. Ding et al. write A√ε for it, and SGLD is the
    /// limit of much friction.
    /// </summary>
    public double Friction { get; init; } = 0.1;

    /// <summary>
    /// κ (thermostat_rate), 0.01 by default; above 0: how fast the friction answers to a temperature that is not 1, per update. Ding et al.
    /// take ε, which needs thousands of updates to find the friction where ε is small.
    /// </summary>
    public double Rate { get; init; } = 0.01;
}
