using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Text.Packing;

namespace Curie.Sampling.Networks;

/// <summary>
/// Fixed rows that are evaluated at every draw, by the fastest path that the component has: a head of the last layer goes through
/// the unembedding in its own few dimensions (<see cref="LastLayerHeadRows"/>), everything else takes the plain path
/// (<see cref="PlainRows"/>). What does not depend on the component is computed once where memory allows; the results are the same bits
/// either way.
/// </summary>
public sealed class EvaluationRows : IDisposable
{
    private readonly IFrozenRows _frozen;
    private readonly LoadedWeights[] _points;

    /// <summary>The given rows of a file.</summary>
    /// <param name="evaluator">Computes the losses.</param>
    /// <param name="network">The network at w* and the component that will vary.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="indices">Which of them.</param>
    /// <param name="frozenMemory">The bytes that frozen activations may take; 0 to recompute them at every draw.</param>
    /// <param name="slots">
    /// Which losses are wanted: row·(n_ctx − 1) + position, ascending, with rows counted within <paramref name="indices"/>; null for all.
    /// </param>
    public EvaluationRows(
        TransformerEvaluator evaluator,
        RestrictedNetwork network,
        TokenRows rows,
        IReadOnlyList<int> indices,
        long frozenMemory,
        IReadOnlyList<int>? slots = null)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(rows);
        Count = indices.Count;
        _points = [.. Enumerable.Range(0, network.Slots).Select(slot => new LoadedWeights(0, slot))];
        Tokens = slots?.Count ?? Count * (rows.ContextLength - 1);
        _frozen = network.Head is { } head
            ? new LastLayerHeadRows(evaluator, network.Weights, head, rows, indices, slots, frozenMemory)
            : new PlainRows(evaluator, network.Weights, network.Plan, rows, indices, slots, frozenMemory);
    }

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>The number of losses at one weight vector.</summary>
    public int Tokens { get; }

    /// <summary>The bytes that frozen activations hold.</summary>
    public long FrozenBytes => _frozen.FrozenBytes;

    /// <summary>Spends what memory is left, up to so many bytes, when all rows that are evaluated at a draw have got theirs.</summary>
    public void UseSpareMemory(long bytes) => _frozen.UseSpareMemory(bytes);

    /// <summary>
    /// The wanted losses at the first <paramref name="count"/> weight vectors that the network was given
    /// (<see cref="RestrictedNetwork.Load(ReadOnlySpan{float}, int)"/>), one after another, and each row's mean; either may be empty.
    /// </summary>
    /// <param name="count">1 … <see cref="RestrictedNetwork.Slots"/>.</param>
    /// <param name="losses">count × <see cref="Tokens"/>, nats.</param>
    /// <param name="rowMeans">count × <see cref="Count"/>; only where no position is left out.</param>
    public void Losses(int count, Span<float> losses, Span<double> rowMeans) => _frozen.Losses(_points.AsSpan(0, count), losses, rowMeans);

    /// <inheritdoc/>
    public void Dispose() => _frozen.Dispose();
}
