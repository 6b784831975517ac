using Curie.Networks.Components;
using Curie.Networks.Passes;
using Curie.Numerics.Memory;
using Curie.Text.Packing;

namespace Curie.Networks.Restricted;

/// <summary>
/// The path that serves every component, one weight vector at a time: the blocks from the component's first on, and the unembedding
/// of all positions. The reference for every shortcut.
/// </summary>
public sealed class PlainRows : IFrozenRows
{
    private readonly TransformerEvaluator _evaluator;
    private readonly TransformerWeights _weights;
    private readonly TokenRows _rows;
    private readonly int[] _indices;
    private readonly int[]? _slots;
    private readonly AlignedBuffer<float> _all;
    private readonly FrozenPrefix? _prefix;

    /// <summary>The given rows.</summary>
    /// <param name="evaluator">Computes the losses.</param>
    /// <param name="weights">The network as it is when losses are asked for.</param>
    /// <param name="plan">What varies.</param>
    /// <param name="rows">Token rows.</param>
    /// <param name="indices">Which of them.</param>
    /// <param name="slots">row·(n_ctx − 1) + position of the tokens wanted, ascending, rows counted within <paramref name="indices"/>; null for all.</param>
    /// <param name="memory">The bytes that the frozen prefix may take.</param>
    public PlainRows(
        TransformerEvaluator evaluator,
        TransformerWeights weights,
        GradientPlan plan,
        TokenRows rows,
        IReadOnlyList<int> indices,
        IReadOnlyList<int>? slots,
        long memory)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(rows);
        _evaluator = evaluator;
        _weights = weights;
        _rows = rows;
        _indices = [.. indices];
        _slots = slots is null ? null : [.. slots];
        int positions = rows.ContextLength - 1;
        _all = new AlignedBuffer<float>(slots is null ? 0 : (long)_indices.Length * positions);
        long bytes = FrozenPrefix.BytesFor(_indices.Length, positions, plan.Layout.Config.ModelWidth);
        if (plan.FirstAffectedLayer > 0 && bytes <= memory)
        {
            _prefix = evaluator.Freeze(weights, rows, _indices, plan.FirstAffectedLayer);
            FrozenBytes = bytes;
        }
    }

    /// <inheritdoc/>
    public long FrozenBytes { get; }

    /// <inheritdoc/>
    public void UseSpareMemory(long bytes)
    {
        // The prefix is all that this path keeps.
    }

    /// <inheritdoc/>
    public void Losses(int count, Span<float> losses, Span<double> rowMeans)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(count, 1);
        if (_slots is null || losses.IsEmpty)
        {
            _evaluator.TokenLosses(_weights, _rows, _indices, losses, rowMeans, _prefix);
            return;
        }

        _evaluator.TokenLosses(_weights, _rows, _indices, _all.Span, rowMeans, _prefix);
        for (int i = 0; i < _slots.Length; i++)
        {
            losses[i] = _all.Span[_slots[i]];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _prefix?.Dispose();
        _all.Dispose();
    }
}
