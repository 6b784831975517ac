namespace Curie.Response.Reproducibility;

/// <summary>How a run's structure is tried.</summary>
public sealed record ReproducibilityOptions
{
    /// <summary>The modes that are tried in every group. Default 3.</summary>
    public int Modes { get; init; } = 3;

    /// <summary>Bootstrap samples; 400 leave an error known to 4 % apart from the number of batches. Default 400.</summary>
    public int Bootstraps { get; init; } = 400;

    /// <summary>Permutations; the smallest p is one in one more of them. Default 199.</summary>
    public int Permutations { get; init; } = 199;

    /// <summary>The seed of both; the same seed gives the same bits. Default 1.</summary>
    public long Seed { get; init; } = 1;
}
