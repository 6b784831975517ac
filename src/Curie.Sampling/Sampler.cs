using Curie.Numerics;
using Curie.Sampling.Samplers;

namespace Curie.Sampling;

/// <summary>
/// How chains move. A sampler is chosen in <see cref="SamplingOptions.Sampler"/>; one of your own is a class that derives from this one and
/// makes an
/// <see cref="UpdateRule"/> for each chain, and everything that samples takes it.
/// </summary>
/// <example>
/// Langevin dynamics with a step that falls with time, whose rule need not be more than this:
/// <code>
/// public sealed class Annealed : Sampler
/// {
///     public override string Name => "annealed";
///     public override UpdateRule CreateRule(ChainMemory memory) => new AnnealedRule(memory);
/// }
/// </code>
/// </example>
public abstract class Sampler
{
    /// <summary>Stochastic gradient Langevin dynamics (Welling and Teh 2011).</summary>
    public static Sampler Sgld { get; } = new LangevinSampler();

    /// <summary>SGLD with RMSProp's diagonal preconditioner (Li et al. 2016), without the divergence correction.</summary>
    public static Sampler RmsPropSgld { get; } = new RmsPropSampler();

    /// <summary>
    /// The stochastic gradient Nosé–Hoover thermostat (Ding et al. 2014): momentum whose friction adapts to gradient noise.
    /// </summary>
    public static Sampler Sgnht { get; } = new ThermostatSampler();

    /// <summary>The Metropolis-adjusted Langevin algorithm: exact at any step size, for surfaces without minibatches only.</summary>
    public static Sampler Mala { get; } = new MetropolisSampler();

    /// <summary>The samplers that Curie brings.</summary>
    public static IReadOnlyList<Sampler> All { get; } = [Sgld, RmsPropSgld, Sgnht, Mala];

    /// <summary>The name in configurations and on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Whether the stationary law has SGLD's effect of the step, a variance of 1/(a(1 − εa/4)) in a direction of curvature a. Default true.
    /// </summary>
    public virtual bool HasStepEffect => true;

    /// <summary>Whether losses must be exact, so that surfaces of minibatches cannot be sampled. Default false.</summary>
    public virtual bool NeedsExactLosses => false;

    /// <summary>The keys of the <c>sampling</c> section that only this sampler has. Default none.</summary>
    public virtual IReadOnlyList<string> Keys => [];

    /// <summary>The largest factor on ε that a direction may have. Default 1.</summary>
    public virtual double LargestPreconditioner(SamplingOptions options) => 1;

    /// <summary>
    /// Why chains cannot be coupled (<see cref="UpdateRule.Follow"/>), as half a sentence; null, the default, if they can.
    /// </summary>
    public virtual string? WhyUncoupled => null;

    /// <summary>
    /// What does not fit the sampler among settings that are all in range, in a sentence; null, the default, for nothing.
    /// </summary>
    public virtual string? Objection(SamplingOptions options) => null;

    /// <summary>The rule of one chain.</summary>
    /// <param name="memory">The chain's vectors, settings and random numbers.</param>
    public abstract UpdateRule CreateRule(ChainMemory memory);

    /// <summary>The sampler of that name among those that Curie brings.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static Sampler Parse(string name) =>
        All.FirstOrDefault(sampler => sampler.Name == name)
        ?? throw new InputException($"there is no sampler named {name}; use one of {string.Join(", ", All)}.");

    /// <summary>Samplers are told apart by their names, which saved states keep.</summary>
    public sealed override bool Equals(object? obj) => obj is Sampler other && other.Name == Name;

    /// <inheritdoc/>
    public sealed override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
