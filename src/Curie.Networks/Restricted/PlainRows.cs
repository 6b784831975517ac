using Curie.Networks.Components;
using Curie.Networks.Passes;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Networks.Restricted;

/// <summary>
/// The path that serves every component, one weight vector at a time: the blocks from the component's first on, and the unembedding
/// of the wanted positions. The reference for every shortcut.
/// </summary>
internal sealed unsafe class PlainRows : IFrozenRows
{
    private readonly TransformerEvaluator _evaluator;
    private readonly TransformerWeights _weights;
    private readonly TokenRows _rows;
    private readonly int[] _indices;
    private readonly WantedTokens _wanted;
    private readonly double[] _rowSums;
    private readonly FrozenPrefix? _prefix;

    /// <summary>The given rows.</summary>
    /// <param name="evaluator">Computes the losses.</param>
    /// <param name="weights">The network as it is when losses are asked for.</param>
    /// <param name="plan">What varies.</param>
    /// <param name="rows">Token rows.</param>
    /// <param name="indices">Which of them.</param>
    /// <param name="slots">row·(n_ctx − 1) + position of the tokens wanted, ascending, rows counted within <paramref name="indices"/>; null
    /// for all.</param>
    /// <param name="memory">The bytes that the frozen prefix may take.</param>
    public PlainRows(
        TransformerEvaluator evaluator,
        TransformerWeights weights,
        GradientPlan plan,
        TokenRows rows,
        IReadOnlyList<int> indices,
        IReadOnlyList<int>? slots,
        long memory
    )
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(rows);
        _evaluator = evaluator;
        _weights = weights;
        _rows = rows;
        _indices = [.. indices];
        _rowSums = new double[_indices.Length];
        int positions = rows.ContextLength - 1;
        _wanted = new WantedTokens(_indices.Length, positions, slots);
        long bytes = FrozenPrefix.BytesFor(_indices.Length, positions, plan.Layout.Config.ModelWidth);
        if (plan.Start != default && bytes <= memory)
        {
            _prefix = evaluator.Freeze(weights, rows, _indices, plan.Start);
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
    public void Losses(ReadOnlySpan<LoadedWeights> points, Span<float> losses, Span<double> rowMeans)
    {
        if (points.IsEmpty)
        {
            return;
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(points.Length, 1);
        if (_wanted.IsAll)
        {
            _evaluator.TokenLosses(_weights, _rows, _indices, losses, rowMeans, _prefix);
            return;
        }

        fixed (float* output = losses)
        {
            WantedBody body = new(this, losses.IsEmpty ? null : output);
            _evaluator.Machine.Pool.Run(_indices.Length, ref body);
        }

        for (int i = 0; i < rowMeans.Length; i++)
        {
            rowMeans[i] = _rowSums[i] / Math.Max(1, _wanted.CountIn(i));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _prefix?.Dispose();

    private readonly struct WantedBody(PlainRows owner, float* output) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            ReadOnlySpan<int> positions = owner._wanted.Positions(item);
            if (positions.IsEmpty)
            {
                return;
            }

            RowPass pass = owner._evaluator.Begin(owner._rows, owner._indices[item], worker);
            pass.Truncate(owner._wanted.Reach(item));
            owner._prefix?.CopyTo(item, pass.Residual(owner._prefix.Point));
            using Scratch.Frame frame = pass.Scratch.Enter();
            Span<double> losses = new((double*)frame.Pointer(2 * positions.Length), positions.Length);
            pass.LossesAt(owner._weights, owner._prefix?.Point ?? default, positions, losses);
            LossSink sink = new(owner._rowSums, owner._indices.Length, item, output, owner._wanted.Count, owner._wanted.Start(item));
            sink.Reset(points: 1);
            sink.Add(0, 0, losses);
        }
    }
}
