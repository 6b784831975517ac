using Curie.Response.Estimators;

namespace Curie.Cli.Reports;

/// <summary>How much of a run's structure is shown.</summary>
internal sealed record StructureOptions
{
    /// <summary>The part that is tabulated and factored.</summary>
    public ResponsePart Part { get; init; } = ResponsePart.Susceptibility;

    /// <summary>Modes per group.</summary>
    public int Modes { get; init; } = 3;

    /// <summary>Tokens at each end of a mode.</summary>
    public int Tokens { get; init; } = 8;

    /// <summary>Tokens of context before the predicted token.</summary>
    public int Before { get; init; } = 12;

    /// <summary>Tokens of context after it.</summary>
    public int After { get; init; } = 3;
}
