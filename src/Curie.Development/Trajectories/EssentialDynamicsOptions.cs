namespace Curie.Development.Trajectories;

/// <summary>How essential dynamics are computed.</summary>
public sealed record EssentialDynamicsOptions
{
    /// <summary>Principal components. Default 3.</summary>
    public int Components { get; init; } = 3;

    /// <summary>The smoothing's σ at the first checkpoint, in checkpoints. Default 1.</summary>
    public double FirstWidth { get; init; } = 1;

    /// <summary>σ at the last checkpoint; null for a fiftieth of the number of checkpoints, at least 1. Default null.</summary>
    public double? LastWidth { get; init; }

    /// <summary>
    /// How far apart in time the planes may see a form, in checkpoints; null for a twentieth of their number, at least 2. Default null.
    /// </summary>
    public double? FormWindow { get; init; }

    /// <summary>
    /// The greatest discrepancy of a form, as a share of the trajectory's size; planes that disagree more see different things. Default
    /// 0.2.
    /// </summary>
    public double MostDiscrepancy { get; init; } = 0.2;
}
