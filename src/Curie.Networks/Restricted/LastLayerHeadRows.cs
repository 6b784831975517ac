using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Networks.Restricted;

/// <summary>
/// Losses while one head of the last layer varies. With r0 the final residual without that head, z the head's mixed values, C the
/// centring, γ, β the final layer norm's parameters and σ its scale at r0 + z·W_O:
/// <code>
/// logits = (B + z·M)/σ + b     B = r0·C·diag(γ)·W_U     M = W_O·C·diag(γ)·W_U     b = β·W_U + b_U
/// </code>
/// B is frozen, so a logit costs e multiplications in place of d; only this head's attention is computed, and only the wanted
/// positions attend and go through the unembedding. B is read, or computed again where it is not kept, once for all weight vectors.
/// </summary>
/// <remarks>Work is split over rows; a row's losses depend on that row alone, so they are the same bits for any number of workers.</remarks>
public sealed unsafe class LastLayerHeadRows : IFrozenRows
{
    /// <summary>Positions whose B (V numbers each) stays in cache while the weight vectors take turns at it.</summary>
    private const int BlockPositions = 96;

    private readonly TransformerEvaluator _evaluator;
    private readonly TransformerWeights _weights;
    private readonly HeadWeightSet _heads;
    private readonly TokenRows _rows;
    private readonly int[] _indices;
    private readonly WantedTokens _wanted;
    private readonly FrozenHeadStore _store;
    private readonly double[] _rowSums;

    /// <summary>The given rows.</summary>
    /// <param name="evaluator">Lends threads and working memory.</param>
    /// <param name="weights">The network; all but the head stays as it is.</param>
    /// <param name="heads">The weight vectors of the head.</param>
    /// <param name="rows">Token rows.</param>
    /// <param name="indices">Which of them.</param>
    /// <param name="slots">row·(n_ctx − 1) + position of the tokens wanted, ascending, rows counted within <paramref name="indices"/>; null for all.</param>
    /// <param name="memory">The bytes that frozen activations may take; rows that do not fit are computed again at every evaluation.</param>
    public LastLayerHeadRows(
        TransformerEvaluator evaluator,
        TransformerWeights weights,
        HeadWeightSet heads,
        TokenRows rows,
        IReadOnlyList<int> indices,
        IReadOnlyList<int>? slots,
        long memory)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(heads);
        ArgumentNullException.ThrowIfNull(rows);
        _evaluator = evaluator;
        _weights = weights;
        _heads = heads;
        _rows = rows;
        _indices = [.. indices];
        _wanted = new WantedTokens(_indices.Length, rows.ContextLength - 1, slots);
        _store = new FrozenHeadStore(Config, _wanted, _indices.Length, memory);
        _rowSums = new double[heads.Slots * _indices.Length];
        FreezeBody body = new(this);
        evaluator.Pool.Run(_store.KeptRows, ref body);
    }

    /// <inheritdoc/>
    public long FrozenBytes => _store.Bytes;

    private TransformerConfig Config => _weights.Parameters.Layout.Config;

    private Kernels Kernels => _evaluator.Kernels;

    /// <summary>Keeps B of as many rows as fit.</summary>
    public void UseSpareMemory(long bytes)
    {
        _store.AllocateLogits(bytes);
        LogitsBody body = new(this);
        _evaluator.Pool.Run(_store.RowsWithLogits, ref body);
    }

    /// <inheritdoc/>
    public void Losses(ReadOnlySpan<LoadedWeights> points, Span<float> losses, Span<double> rowMeans)
    {
        int count = points.Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _heads.Slots);
        if (!rowMeans.IsEmpty && !_wanted.IsAll)
        {
            throw new ArgumentException("Row means are of whole rows.", nameof(rowMeans));
        }

        fixed (float* output = losses)
        {
            LossBody body = new(this, count, losses.IsEmpty ? null : output);
            _evaluator.Pool.Run(_indices.Length, ref body);
        }

        for (int i = 0; i < rowMeans.Length; i++)
        {
            rowMeans[i] = _rowSums[i] / (_rows.ContextLength - 1);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    /// <summary>Computes LN1(x) of the last layer up to the last wanted position, and r0 at the wanted ones.</summary>
    private void Freeze(int row, RowPass pass, MatrixView norm, MatrixView residual)
    {
        pass.Forward(_weights);
        pass.RemoveLastLayerHead(_weights, _heads.Head);
        BlockActivations block = pass.Block(Config.Layers - 1);
        MatrixView computed = block.Norm1(pass.Positions);
        for (int i = 0; i < norm.Rows; i++)
        {
            computed.Row(i).CopyTo(norm.Row(i));
        }

        Gather(pass.Residual(Config.Layers), _wanted.Positions(row), residual);
    }

    private static void Gather(MatrixView source, ReadOnlySpan<int> positions, MatrixView destination)
    {
        for (int i = 0; i < positions.Length; i++)
        {
            source.Row(positions[i]).CopyTo(destination.Row(i));
        }
    }

    /// <summary>B of some positions.</summary>
    private void FrozenLogits(MatrixView residual, MatrixView logits, Scratch scratch)
    {
        using Scratch.Frame frame = scratch.Enter();
        MatrixView centred = frame.Matrix(residual.Rows, residual.Columns);
        FoldedNorm.Centre(residual, _weights.Parameters[_weights.Parameters.Layout.FinalNormWeight], centred);
        Kernels.Multiply(centred, _weights.Unembed.Forward, logits, accumulate: false);
    }

    private void Evaluate(int row, int count, float* output, int worker)
    {
        RowPass pass = _evaluator.Begin(_rows, _indices[row], worker);
        ReadOnlySpan<int> positions = _wanted.Positions(row);
        (int reach, int wanted) = (_wanted.Reach(row), positions.Length);
        using Scratch.Frame frame = pass.Scratch.Enter();
        MatrixView norm, residual;
        if (row < _store.KeptRows)
        {
            (norm, residual) = (_store.Norm(row), _store.Residual(row));
        }
        else
        {
            (norm, residual) = (frame.Matrix(reach, Config.ModelWidth), frame.Matrix(wanted, Config.ModelWidth));
            Freeze(row, pass, norm, residual);
        }

        MatrixView z = frame.Matrix(count * wanted, Config.HeadWidth);
        Span<float> inverseScale = frame.Vector(count * wanted);
        Attend(positions, count, norm, residual, z, inverseScale, pass);
        Span<int> targets = new(frame.Pointer(wanted), wanted);
        for (int i = 0; i < wanted; i++)
        {
            targets[i] = pass.Targets[positions[i]];
        }

        Unembed(row, count, residual, z, inverseScale, targets, output, pass.Scratch);
    }

    /// <summary>The head's mixed values and 1/σ at the wanted positions, weight vector by weight vector.</summary>
    private void Attend(
        ReadOnlySpan<int> positions, int count, MatrixView norm, MatrixView residual, MatrixView z, Span<float> inverseScale, RowPass pass)
    {
        (int n, int e, int wanted) = (norm.Rows, Config.HeadWidth, positions.Length);
        using Scratch.Frame frame = pass.Scratch.Enter();
        MatrixView keyInput = norm;
        if (Config.Positions == PositionalEmbedding.Shortformer)
        {
            keyInput = frame.Matrix(n, Config.ModelWidth);
            new ReadOnlySpan<float>(norm.Data, n * norm.Columns).CopyTo(new Span<float>(keyInput.Data, n * norm.Columns));
            pass.AddPositions(_weights.Parameters, keyInput);
        }

        MatrixView queryInput = keyInput;
        if (wanted < n)
        {
            queryInput = frame.Matrix(wanted, Config.ModelWidth);
            Gather(keyInput, positions, queryInput);
        }

        MatrixView query = frame.Matrix(wanted, e);
        MatrixView key = frame.Matrix(n, e);
        MatrixView value = frame.Matrix(n, e);
        Span<float> logSumExp = frame.Vector(wanted);
        MatrixView final = frame.Matrix(wanted, Config.ModelWidth);
        Span<float> mean = frame.Vector(wanted);
        for (int k = 0; k < count; k++)
        {
            HeadWeights head = _heads[k];
            Kernels.Multiply(queryInput, head.Query, query, accumulate: false);
            Kernels.AddRow(head.QueryBias, query);
            Kernels.Multiply(keyInput, head.Key, key, accumulate: false);
            Kernels.AddRow(head.KeyBias, key);
            Kernels.Multiply(norm, head.Value, value, accumulate: false);
            Kernels.AddRow(head.ValueBias, value);
            MatrixView mixed = z.RowRange(k * wanted, wanted);
            Kernels.AttentionForwardAt(query, positions, key, value, Config.AttentionScale, mixed, logSumExp, pass.Scratch);
            FinalScale(head, residual, mixed, final, mean, inverseScale.Slice(k * wanted, wanted));
        }
    }

    /// <summary>1/σ of r0 + z·W_O.</summary>
    private void FinalScale(HeadWeights head, MatrixView residual, MatrixView z, MatrixView final, Span<float> mean, Span<float> inverseScale)
    {
        int length = residual.Rows * residual.Columns;
        new ReadOnlySpan<float>(residual.Data, length).CopyTo(new Span<float>(final.Data, length));
        Kernels.Multiply(z, head.Output, final, accumulate: true);
        ParameterSet parameters = _weights.Parameters;
        ParameterLayout layout = parameters.Layout;
        Kernels.LayerNormForward(
            final, parameters[layout.FinalNormWeight], parameters[layout.FinalNormBias], Config.Epsilon, final, mean, inverseScale);
    }

    private void Unembed(
        int row, int count, MatrixView residual, MatrixView z, ReadOnlySpan<float> inverseScale, ReadOnlySpan<int> targets, float* output, Scratch scratch)
    {
        int wanted = targets.Length;
        using Scratch.Frame frame = scratch.Enter();
        bool kept = row < _store.RowsWithLogits;
        MatrixView computed = kept ? default : frame.Matrix(Math.Min(BlockPositions, wanted), Config.Vocabulary);
        Span<double> losses = new((double*)frame.Pointer(2 * BlockPositions), BlockPositions);
        for (int k = 0; k < count; k++)
        {
            _rowSums[(k * _indices.Length) + row] = 0;
        }

        for (int first = 0; first < wanted; first += BlockPositions)
        {
            int length = Math.Min(BlockPositions, wanted - first);
            MatrixView logits = kept ? _store.Logits(row).RowRange(first, length) : computed.RowRange(0, length);
            if (!kept)
            {
                FrozenLogits(residual.RowRange(first, length), logits, scratch);
            }

            for (int k = 0; k < count; k++)
            {
                int start = (k * wanted) + first;
                Kernels.LowRankCrossEntropyForward(
                    logits,
                    z.RowRange(start, length),
                    _heads[k].Mixing,
                    inverseScale.Slice(start, length),
                    _heads.Bias,
                    targets.Slice(first, length),
                    losses[..length],
                    scratch);
                Keep(losses[..length], ref _rowSums[(k * _indices.Length) + row], Target(output, k, row, first));
            }
        }
    }

    private float* Target(float* output, int k, int row, int first) =>
        output == null ? null : output + ((long)k * _wanted.Count) + _wanted.Start(row) + first;

    private static void Keep(ReadOnlySpan<double> losses, ref double sum, float* output)
    {
        for (int i = 0; i < losses.Length; i++)
        {
            sum += losses[i];
            if (output != null)
            {
                output[i] = (float)losses[i];
            }
        }
    }

    private readonly struct FreezeBody(LastLayerHeadRows owner) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            RowPass pass = owner._evaluator.Begin(owner._rows, owner._indices[item], worker);
            owner.Freeze(item, pass, owner._store.Norm(item), owner._store.Residual(item));
        }
    }

    private readonly struct LogitsBody(LastLayerHeadRows owner) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            RowPass pass = owner._evaluator.Begin(owner._rows, owner._indices[item], worker);
            owner.FrozenLogits(owner._store.Residual(item), owner._store.Logits(item), pass.Scratch);
        }
    }

    private readonly struct LossBody(LastLayerHeadRows owner, int count, float* output) : IParallelBody
    {
        public void Invoke(int item, int worker) => owner.Evaluate(item, count, output, worker);
    }
}
