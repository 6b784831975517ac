namespace Curie.Sampling.Samplers;

/// <summary>
/// The preconditioner of <see cref="Sampler.RmsPropSgld"/>: v ← a·v + (1 − a)·g² of the raw minibatch gradient g = ∇L_m, without nβ and
/// without
/// prior, G = 1/(√v̂ + b); drift (ε/2)G·F, noise √(εG)·σ·η. Both published forms are here.
/// </summary>
public sealed record PreconditionerOptions
{
    /// <summary>The key of a in the <c>sampling</c> section.</summary>
    public const string DecayKey = "rmsprop_decay";

    /// <summary>The key of b in the <c>sampling</c> section.</summary>
    public const string OffsetKey = "rmsprop_offset";

    /// <summary>The key of the correction of the start in the <c>sampling</c> section.</summary>
    public const string BiasCorrectionKey = "rmsprop_bias_correction";

    /// <summary>a (rmsprop_decay), 0.99 by default; from 0 to 1, below 1 with bias correction.</summary>
    public double Decay { get; init; } = 0.99;

    /// <summary>b (rmsprop_offset), 0.1 by default; above 0. Where gradients are much smaller than b, G is 1/b.</summary>
    public double Offset { get; init; } = 0.1;

    /// <summary>
    /// Off by default: v starts at 0 and v̂ = v, as in devinterp. On (rmsprop_bias_correction): v starts at 1 and v̂ = v/(1 − aᵗ) at update
    /// t,
    /// from 1, as in arXiv 2507.21449, algorithm 3: the first steps are small and grow as v forgets its start.
    /// </summary>
    public bool BiasCorrection { get; init; }
}
