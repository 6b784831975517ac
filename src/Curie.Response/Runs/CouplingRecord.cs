namespace Curie.Response.Runs;

/// <summary>How the chains of a run were coupled, as the manifest records it.</summary>
/// <param name="Antithetic">Whether chains came in pairs with opposite noise.</param>
/// <param name="ObservableRows">K, the loss rows that gave the perturbation's gradient at an update; 0 where there was none.</param>
/// <param name="GaussianPairs">Pairs of independent draws of the localisation's Gaussian, per component; 0 for none.</param>
/// <param name="BurnIn">The updates before the first draw's own.</param>
/// <param name="BurnInAsked">What was asked for, where that was too short and was lengthened; otherwise null.</param>
/// <param name="FullDraws">The draws of each chain of `full`: a multiple of those of the others, whose trace holds means over as
/// many.</param>
/// <param name="Notes">What was decided otherwise than asked for, in sentences.</param>
public sealed record CouplingRecord(
    bool Antithetic,
    int ObservableRows,
    int GaussianPairs,
    int BurnIn,
    int? BurnInAsked,
    int FullDraws,
    IReadOnlyList<string> Notes
)
{
    /// <summary>
    /// How the shadows of each component were perturbed; empty until the run is complete, and without those that have no response.
    /// </summary>
    public IReadOnlyDictionary<string, PerturbationRecord> Perturbations { get; init; } = new Dictionary<string, PerturbationRecord>();
}

/// <summary>How the shadows of one component were perturbed.</summary>
/// <param name="Strength">s, in units of nβ.</param>
/// <param name="Corrected">Whether the rows' gradients at w* were subtracted and their mean added.</param>
/// <param name="Displacement">The distance of the shadow over that of the chain that s was chosen for.</param>
public sealed record PerturbationRecord(double Strength, bool Corrected, double Displacement);
