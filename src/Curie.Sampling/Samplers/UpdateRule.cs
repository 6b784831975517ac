using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Sampling.Samplers;

/// <summary>
/// How one chain moves, given the gradient where it asked for it. Computing that gradient is the caller's: it may serve several components
/// at
/// once. A rule holds whatever state its sampler has, and saves and restores it to the bit.
/// </summary>
public abstract class UpdateRule(ChainMemory memory) : IDisposable
{
    /// <summary>What the rule works on.</summary>
    protected ChainMemory Memory { get; } = memory;

    /// <summary>Where the next gradient is wanted: the chain's weights, but for samplers that propose and may reject.</summary>
    public virtual AlignedBuffer<float> Point => Memory.Weights;

    /// <summary>The acceptance rate of the chain's moves; null where the sampler has none.</summary>
    public virtual AcceptanceTally? Acceptance => null;

    /// <summary>Whether an infinite loss is an answer (a move that is not made), not the end of the chain.</summary>
    public virtual bool SurvivesInfiniteLoss => false;

    /// <summary>Makes one update. Nothing is allocated.</summary>
    /// <param name="loss">L_m at <see cref="Point"/>.</param>
    /// <param name="step">The updates made before this one.</param>
    /// <returns>The sums of the update, of w before it.</returns>
    public abstract UpdateSums Apply(double loss, long step);

    /// <summary>
    /// Moves a companion by the same random numbers, and the same preconditioner where there is one, after <see cref="Apply"/> of the same
    /// step.
    /// </summary>
    /// <param name="weights">The companion's weights.</param>
    /// <param name="force">The gradient of its potential without localisation and prior.</param>
    /// <param name="step">The updates made before this one.</param>
    /// <exception cref="NotSupportedException">The sampler has no companions.</exception>
    public virtual void Follow(AlignedBuffer<float> weights, AlignedBuffer<float> force, long step) =>
        throw new NotSupportedException("This sampler has no companions.");

    /// <summary>The rule's state, copied.</summary>
    public abstract SamplerState Save();

    /// <summary>Continues from a saved state.</summary>
    /// <exception cref="ArgumentException">The state is another sampler's, or of another dimension.</exception>
    public abstract void Restore(SamplerState state);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives back what the rule holds.</summary>
    /// <param name="disposing">Always true: a rule has no finalizer.</param>
    protected virtual void Dispose(bool disposing) { }

    /// <summary>Refuses a state that does not have so many vectors of the chain's dimension, and so many scalars.</summary>
    protected void Check(SamplerState state, int vectors, int scalars)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (
            state.Vectors.Count != vectors
            || state.Scalars.Count != scalars
            || state.Vectors.Any(vector => vector.Length != Memory.Weights.Length)
        )
        {
            throw new ArgumentException("The state belongs to another sampler or another component.", nameof(state));
        }
    }
}
