namespace Curie.Numerics.Statistics;

/// <summary>
/// How the draws of one chain are cut into consecutive batches, whose means carry the standard error. Batch b holds the draws s with
/// ⌊s·<see cref="Batches"/>/<see cref="Draws"/>⌋ = b, so the lengths differ by one at most and no draw is left over.
/// </summary>
/// <remarks>
/// Batch means (Flegal and Jones 2010): with batches of m draws the long-run variance is under-estimated by about τ/m, where τ is the
/// autocorrelation time in draws; more batches make the estimate steadier and more biased. Batches never span two chains.
/// </remarks>
public readonly record struct BatchPlan
{
    /// <summary>
    /// The least number of batches of all chains together: fewer leave an error that is itself unknown by more than a quarter.
    /// </summary>
    private const int LeastInAll = 8;

    /// <summary>
    /// Batches are so many times as long as the usual √draws, because a chain of a few hundred draws has τ of several tens.
    /// </summary>
    private const int Lengthening = 4;

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

    private BatchPlan(int draws, int batches, int repeat)
        : this(draws, batches) => Repeat = repeat;

    /// <summary>The draws of one chain.</summary>
    public int Draws { get; }

    /// <summary>How many draws stand for each draw of the plan that this one repeats; 1 for a plan of its own.</summary>
    public int Repeat { get; } = 1;

    /// <summary>The batches they are cut into.</summary>
    public int Batches { get; }

    /// <summary>
    /// The default plan: ⌊√draws/4⌋ batches per chain, but at least two, and at least eight over all chains as far as batches of √draws
    /// allow.
    /// 4 chains of 100 draws have 2 batches of 50 each. The numbers are chosen by the coverage of the intervals (docs/coverage.md).
    /// </summary>
    /// <param name="draws">The draws of each chain.</param>
    /// <param name="chains">The chains that are averaged.</param>
    /// <param name="leastLength">
    /// The draws that a batch has at least, because draws closer than that are correlated; where fewer than two such batches fit into a
    /// chain, each chain is one batch,
    /// and a single chain two. 1 by default.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">There is no draw or no chain.</exception>
    public static BatchPlan ForDraws(int draws, int chains, int leastLength = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(chains, 1);
        int root = (int)Math.Sqrt(draws);
        int wanted = Math.Max((LeastInAll + chains - 1) / chains, root / Lengthening);
        int least = chains > 1 && draws < 2L * leastLength ? 1 : Math.Min(draws, 2);
        int most = Math.Min(Math.Max(root, least), Math.Max(draws / Math.Max(leastLength, 1), least));
        return new(draws, Math.Clamp(wanted, least, most));
    }

    /// <summary>The plan of a chain that makes so many draws for each of this one's: as many batches, at the same places.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is below 1.</exception>
    public BatchPlan Repeated(int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        return new BatchPlan(checked(Draws * factor), Batches, Repeat * factor);
    }

    /// <summary>Whether draw <paramref name="draw"/> (from 0) is the last of its batch.</summary>
    public bool EndsBatch(int draw) => BatchOf(draw + 1) != BatchOf(draw);

    /// <summary>The draws of a batch, from 0: s with ⌊s·batches/draws⌋ = batch.</summary>
    public Range DrawsOf(int batch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(batch, Batches);
        return First(batch)..First(batch + 1);
    }

    private long BatchOf(int draw) => (long)(draw / Repeat) * Batches / (Draws / Repeat);

    /// <summary>The first draw s with s·batches ≥ batch·draws.</summary>
    private int First(int batch) => Repeat * (int)((((long)batch * (Draws / Repeat)) + Batches - 1) / Batches);
}
