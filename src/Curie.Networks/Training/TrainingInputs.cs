using Curie.Networks.Parameters;
using Curie.Text.Packing;

namespace Curie.Networks.Training;

/// <summary>What a training run reads.</summary>
public sealed record TrainingInputs
{
    /// <summary>The initial weights; not written to.</summary>
    public required ParameterSet Initial { get; init; }

    /// <summary>The training rows.</summary>
    public required TokenRows Rows { get; init; }

    /// <summary>Held-out rows, or null.</summary>
    public TokenRows? Validation { get; init; }

    /// <summary>How many held-out rows are evaluated at each checkpoint, the first so many. Default 64; fewer if there are fewer.</summary>
    public int ValidationLimit { get; init; } = 64;

    /// <summary>A tokenizer's file to copy into every checkpoint, or null.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>Identifies settings, data and initial weights, so that a run is not continued with others.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The indices of the evaluated held-out rows.</summary>
    internal int[] ValidationRows => [.. Enumerable.Range(0, Math.Min(ValidationLimit, Validation?.Count ?? 0))];
}
