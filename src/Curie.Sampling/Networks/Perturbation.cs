namespace Curie.Sampling.Networks;

/// <summary>How the shadows of a component's chains are perturbed by the observable P.</summary>
/// <param name="Strength">s, in units of nβ: the shadow's potential has s·P more.</param>
/// <param name="Corrected">Whether the rows' gradients at w* are subtracted and their mean added (<see cref="RowAnchors"/>).</param>
/// <param name="Displacement">‖w⁺ − w‖/‖w − w*‖ that this strength stands for.</param>
/// <param name="Resolution">The change of P by that displacement, in units of float32's rounding of a loss.</param>
public sealed record Perturbation(double Strength, bool Corrected, double Displacement, double Resolution)
{
    /// <summary>
    /// The displacement up to which a strength may be given: a shadow further from its chain than the chain from w* measures another place.
    /// </summary>
    public const double LargestDisplacement = 1;

    /// <summary>Below so many units the shadow's change of the loss is mostly rounding.</summary>
    public const double LeastResolution = 30;
}
