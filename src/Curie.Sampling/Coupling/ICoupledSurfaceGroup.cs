namespace Curie.Sampling.Coupling;

/// <summary>Surfaces of a group that also have observables, by which companions of chains are perturbed.</summary>
public interface ICoupledSurfaceGroup : ILossSurfaceGroup
{
    /// <summary>
    /// Estimates of ∇P(w) at several points, from rows that chain and step choose, the same for all: the bits do not depend on which points
    /// are asked for together.
    /// </summary>
    /// <param name="chain">The first chain of the pair, from 0.</param>
    /// <param name="step">The number of updates the chain has made.</param>
    /// <param name="points">The surfaces and their weights; those of one surface side by side.</param>
    void ObservableGradients(int chain, long step, ReadOnlySpan<SurfacePoint> points);
}
