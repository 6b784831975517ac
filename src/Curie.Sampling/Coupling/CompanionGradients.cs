using Curie.Numerics.Memory;

namespace Curie.Sampling.Coupling;

/// <summary>Room for the gradients of one companion, shared by the pairs of chains that take turns.</summary>
internal sealed class CompanionGradients(int dimension) : IDisposable
{
    /// <summary>∇L_m, and then the whole force without localisation.</summary>
    public AlignedBuffer<float> Loss { get; } = new(dimension);

    /// <summary>∇P.</summary>
    public AlignedBuffer<float> Observable { get; } = new(dimension);

    /// <inheritdoc/>
    public void Dispose()
    {
        Loss.Dispose();
        Observable.Dispose();
    }
}
