namespace Curie.Studies.Susceptibilities;

/// <summary>What is perturbed by <c>curie perturb</c>, and how.</summary>
public sealed record PerturbationOptions
{
    /// <summary>The probe that is mixed into the data.</summary>
    public required string Probe { get; init; }

    /// <summary>The names of components; none for all that the run holds a covariance of.</summary>
    public IReadOnlyList<string> Components { get; init; } = [];

    /// <summary>The shares of the probe, ascending.</summary>
    public required IReadOnlyList<double> Shares { get; init; }

    /// <summary>An experiment.yaml whose paths take the place of the run's; null for the run's own.</summary>
    public string? Configuration { get; init; }

    /// <summary>Threads; null for the configuration's.</summary>
    public int? Threads { get; init; }

    /// <summary>The memory to plan for, in bytes.</summary>
    public required long Memory { get; init; }
}
