using Curie.Networks.Data;
using Curie.Numerics.Random;
using Curie.Text.Packing;

namespace Curie.Sampling.Networks;

/// <summary>
/// The rows whose mean loss is the observable P, and which of them give its gradient at an update: so many in a shuffled order keyed by
/// (seed, first chain of
/// the pair), the same for every component, so that every row comes once before any comes again.
/// </summary>
public sealed class ObservableRows
{
    /// <summary>
    /// The updates over which a shadow averages times the rows of an update, at least: then the choice of rows adds little to the spread of
    /// the draws.
    /// </summary>
    private const double RowsInMemory = 48;

    private const int LeastRows = 2;
    private const int MostRows = 16;
    private readonly MinibatchOrder[] _orders;

    /// <summary>Rows of an observable.</summary>
    /// <param name="rows">Token rows.</param>
    /// <param name="indices">Which of them are P.</param>
    /// <param name="count">How many give the gradient at an update.</param>
    /// <param name="chains">The number of chains.</param>
    /// <param name="seed">The seed of the orders.</param>
    public ObservableRows(TokenRows rows, IReadOnlyList<int> indices, int count, int chains, long seed)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(indices);
        Rows = rows;
        Indices = indices;
        Count = Math.Min(count, indices.Count);
        _orders =
        [
            .. Enumerable
                .Range(0, chains)
                .Select(chain => new MinibatchOrder(
                    indices.Count,
                    RowOrder.Shuffled,
                    PhiloxKey.Derive(seed, RandomPurpose.ObservableRows, chain: chain)
                )),
        ];
    }

    /// <summary>Token rows.</summary>
    public TokenRows Rows { get; }

    /// <summary>Which of them are P.</summary>
    public IReadOnlyList<int> Indices { get; }

    /// <summary>How much each prediction of <see cref="Rows"/> counts in P; null, the default, for all alike.</summary>
    public LossWeights? Weights { get; init; }

    /// <summary>How many give the gradient at an update.</summary>
    public int Count { get; }

    /// <summary>
    /// K, the rows of an update that are enough: a shadow forgets an update after 2/(εκ) of them, κ = γ + δ, so that it averages the
    /// gradients of 4/(εκ) − 1
    /// updates; so many times K are 48.
    /// </summary>
    /// <param name="options">How chains move.</param>
    public static int Choose(SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        double memory = (4 / (options.StepSize * options.LargestPreconditioner * (options.Localization + options.WeightDecay))) - 1;
        return (int)Math.Clamp(Math.Ceiling(RowsInMemory / memory), LeastRows, MostRows);
    }

    /// <summary>Fills in the rows of an update, as places in <see cref="Indices"/>.</summary>
    internal void Fill(int chain, long step, Span<int> places) => _orders[chain].Fill(step, places);
}
