namespace Curie.Sampling.Networks;

/// <summary>Rows that are evaluated at every draw.</summary>
/// <param name="Rows">Their number.</param>
/// <param name="Tokens">The tokens whose losses are wanted; rows × (n_ctx − 1) if all are.</param>
public readonly record struct EvaluatedRows(int Rows, long Tokens)
{
    /// <summary>How many of them are evaluated at a companion of a chain; all unless said.</summary>
    public double CompanionRows { get; init; } = Rows;
}
