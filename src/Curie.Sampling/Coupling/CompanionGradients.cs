using Curie.Numerics.Memory;

namespace Curie.Sampling.Coupling;

/// <summary>Room for the gradients of one companion, shared by the pairs of chains that take turns.</summary>
/// <param name="companion">The companion.</param>
/// <param name="dimension">The weights of its component.</param>
internal sealed class CompanionGradients(Companion companion, int dimension) : IDisposable
{
    /// <summary>∇L_m, and then the whole force without localisation.</summary>
    public AlignedBuffer<float> Loss { get; } = new(dimension);

    /// <summary>∇P; empty where it is not felt.</summary>
    public AlignedBuffer<float> Observable { get; } = new(companion.Strength == 0 ? 0 : dimension);

    /// <inheritdoc/>
    public void Dispose()
    {
        Loss.Dispose();
        Observable.Dispose();
    }
}
