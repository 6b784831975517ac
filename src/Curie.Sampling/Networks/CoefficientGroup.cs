using Curie.Networks.Components;
using Curie.Sampling.Chains;

namespace Curie.Sampling.Networks;

/// <summary>Components whose learning coefficients are measured in lockstep.</summary>
/// <param name="Components">The components.</param>
/// <param name="Chains">The chains of each that are sampled.</param>
/// <param name="Surfaces">Their losses.</param>
/// <param name="Observer">Evaluates their draws.</param>
/// <param name="NullLine">The loss of a predictor that has learned nothing, on the rows that give P.</param>
internal sealed record CoefficientGroup(
    IReadOnlyList<Component> Components,
    ChainRange Chains,
    ILossSurfaceGroup Surfaces,
    ICoefficientObserver Observer,
    double NullLine
);
