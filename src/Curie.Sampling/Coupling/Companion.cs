namespace Curie.Sampling.Coupling;

/// <summary>
/// A chain that goes beside another with the same start, the same noise and the same minibatches, in another potential,
/// <code>
/// U' = a·nβ·L(w) + s·P(w) + (γ/2)‖w − w*‖² + (δ/2)‖w‖² ,
/// </code>
/// so that what the two have in common cancels in their difference. P is the observable of the surface (<see cref="IObservableSurface"/>).
/// The localisation contracts
/// the two towards each other by 1 − ε(γ + δ)/2 an update.
/// </summary>
/// <remarks>Source: the subtraction technique of molecular dynamics, Ciccotti, Jacucci and McDonald, J. Stat. Phys. 21 (1979) 1.</remarks>
/// <param name="LossScale">a: 1 keeps the chain's loss, 0 leaves localisation and noise alone.</param>
/// <param name="Strength">s, in units of nβ; 0 for none.</param>
/// <param name="Interval">It is evaluated at every so-manieth draw.</param>
/// <param name="FirstDraws">It goes beside chain 0 alone, and for the first so many draws, as a check; null where it goes beside all chains
/// to their end.</param>
public sealed record Companion(double LossScale, double Strength, int Interval = 1, int? FirstDraws = null)
{
    /// <summary>Whether a chain has it.</summary>
    public bool Follows(int chain) => chain == 0 || FirstDraws is null;

    /// <summary>Whether it is evaluated at a draw of a chain.</summary>
    public bool IsEvaluated(int chain, int draw) => Follows(chain) && draw % Interval == 0 && !(draw >= FirstDraws);

    /// <summary>The shadow whose difference to the chain is the response to a perturbation s·P.</summary>
    public static Companion Shadow(double strength) => new(1, strength);

    /// <summary>The shadow of chain 0 with the opposite perturbation: where the response is linear, it lies on the other side.</summary>
    public static Companion Opposite(double strength, int draws) => new(1, -strength, FirstDraws: draws);

    /// <summary>The twin that does not feel the loss: localisation and noise alone.</summary>
    public static Companion LossFree(int interval) => new(0, 0, interval);
}
