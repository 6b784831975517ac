namespace Curie.Response.Experiments;

/// <summary>What sampling costs in token evaluations, a gradient counted as three.</summary>
/// <param name="BurnIn">Before the first draw: the same however many draws follow.</param>
/// <param name="Draws">The draws and the updates between them.</param>
internal readonly record struct TokenWork(long BurnIn, long Draws)
{
    /// <summary>All of it.</summary>
    public long Total => BurnIn + Draws;
}
