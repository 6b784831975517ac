namespace Curie.Sampling.Networks;

/// <summary>How the shadows of a component's chains are perturbed by the observable P.</summary>
/// <param name="Strength">s, in units of nβ: the shadow's potential has s·P more.</param>
/// <param name="Corrected">Whether the rows' gradients at w* are subtracted and their mean added (<see cref="RowAnchors"/>).</param>
/// <param name="Displacement">‖w⁺ − w‖/‖w − w*‖ that this strength was chosen for.</param>
public sealed record Perturbation(double Strength, bool Corrected, double Displacement);
