namespace Curie.Response.Accumulation;

/// <summary>
/// How the draws of one chain are cut into consecutive batches, whose means carry the standard error. Batch b holds the draws s with
/// ⌊s·<see cref="Batches"/>/<see cref="Draws"/>⌋ = b, so the lengths differ by one at most and no draw is left over.
/// </summary>
/// <remarks>
/// Batch means (Flegal and Jones 2010): with batch length m the long-run variance is under-estimated by about τ/m, where τ is the
/// autocorrelation time in draws; more batches make the estimate steadier and more biased. Batches never span two chains.
/// </remarks>
public readonly record struct BatchPlan
{
    /// <summary>Cuts <paramref name="draws"/> draws into <paramref name="batches"/> batches.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no draw, no batch, or a batch would be empty.</exception>
    public BatchPlan(int draws, int batches)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batches, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batches, draws);
        Draws = draws;
        Batches = batches;
    }

    /// <summary>The draws of one chain.</summary>
    public int Draws { get; }

    /// <summary>The batches they are cut into.</summary>
    public int Batches { get; }

    /// <summary>The default plan: ⌊√draws⌋ batches, each about √draws long; at least two where there are two draws, for an error needs two.</summary>
    public static BatchPlan ForDraws(int draws) => new(draws, Math.Max(Math.Min(draws, 2), (int)Math.Sqrt(draws)));

    /// <summary>Whether draw <paramref name="draw"/> (from 0) is the last of its batch.</summary>
    public bool EndsBatch(int draw) => BatchOf(draw + 1) != BatchOf(draw);

    private long BatchOf(int draw) => (long)draw * Batches / Draws;
}
