using Curie.Response.Estimators;

namespace Curie.Response.Matching;

/// <summary>How two runs are matched.</summary>
public sealed record MatchingOptions
{
    /// <summary>The part of the response. Default χ.</summary>
    public ResponsePart Part { get; init; } = ResponsePart.Susceptibility;

    /// <summary>The modes that are matched in every group. Default 3.</summary>
    public int Modes { get; init; } = 3;

    /// <summary>The seed of the angles by chance. Default 1.</summary>
    public long Seed { get; init; } = 1;
}
