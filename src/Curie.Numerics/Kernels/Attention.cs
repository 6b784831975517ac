using Curie.Numerics.Memory;
using Curie.Numerics.Simd;

namespace Curie.Numerics.Kernels;

/// <summary>
/// Causal attention in blocks of queries × keys with a running maximum and sum (Milakov and Gimelshein 2018; Dao et al. 2022), so that
/// scores live in a few kilobytes. Keys are packed transposed: scores come out of <see cref="MicroKernel{TSimd,TVector}"/> as whole
/// vectors along the keys, and no dot product needs a horizontal sum. A row's sums depend on the positions up to it alone.
/// </summary>
internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    private const int TileRows = ProductTile<TSimd, TVector>.Rows;

    /// <summary>Queries of one block, a multiple of the tile's six rows; they share the keys and values in cache.</summary>
    private const int QueryBlock = 48;

    /// <summary>
    /// Keys of one block: a multiple of six, so that a tile of queries never begins inside a block's last keys, and of every panel's width.
    /// </summary>
    private const int KeyBlock = 192;

    /// <inheritdoc/>
    public override void AttentionForward(
        MatrixView q,
        MatrixView k,
        MatrixView v,
        float scale,
        MatrixView z,
        Span<float> logSumExp,
        Scratch scratch,
        AttentionSpan span = default
    )
    {
        CheckAttention(q, k, v, z, logSumExp.Length);
        if (span.IsBanded(k.Rows))
        {
            AttendBand(q, [], k, v, scale, z, logSumExp, span, scratch);
        }
        else
        {
            Attend(q, [], k, v, scale, z, logSumExp, scratch);
        }
    }

    /// <inheritdoc/>
    public override void AttentionForwardAt(
        MatrixView q,
        ReadOnlySpan<int> positions,
        MatrixView k,
        MatrixView v,
        float scale,
        MatrixView z,
        Span<float> logSumExp,
        Scratch scratch,
        AttentionSpan span = default
    )
    {
        CheckAttentionAt(q, positions, k, v, z, logSumExp.Length);
        if (span.IsBanded(k.Rows))
        {
            AttendBand(q, positions, k, v, scale, z, logSumExp, span, scratch);
        }
        else
        {
            Attend(q, positions, k, v, scale, z, logSumExp, scratch);
        }
    }

    /// <summary>The forward pass; without positions there is one query for every key.</summary>
    private static void Attend(
        MatrixView q,
        ReadOnlySpan<int> positions,
        MatrixView k,
        MatrixView v,
        float scale,
        MatrixView z,
        Span<float> logSumExp,
        Scratch scratch
    )
    {
        int length = k.Rows;
        int e = q.Columns;
        int width = RoundUp(e, TSimd.Count);
        using Scratch.Frame frame = scratch.Enter();
        float* keys = PackPanels(k, frame);
        float* values = PackRows(v, width, frame);
        float* queries = frame.Pointer((long)QueryBlock * width);
        float* sums = frame.Pointer((long)QueryBlock * width);
        float* scores = frame.Pointer(TileRows * KeyBlock);
        float* maxima = frame.Pointer(QueryBlock);
        float* normalizers = frame.Pointer((long)QueryBlock * TSimd.Count);
        float* totals = frame.Pointer(QueryBlock);
        for (int first = 0; first < q.Rows; first += QueryBlock)
        {
            int count = Math.Min(QueryBlock, q.Rows - first);
            int padded = RoundUp(count, TileRows);
            CopyRows(q.RowRange(first, count), scale, queries, width, padded);
            int end = PositionOf(first + count - 1, positions) + 1;
            for (int block = 0; block < end; block += KeyBlock)
            {
                for (int tile = 0; tile < padded; tile += TileRows)
                {
                    int reach = Math.Min(PositionOf(first + tile + TileRows - 1, positions) + 1, length);
                    int needed = Math.Min(KeyBlock, reach - block);
                    if (needed <= 0)
                    {
                        continue;
                    }

                    Scores(queries + ((nint)tile * width), width, keys + ((nint)block * e), e, needed, scores);
                    float* tileSums = sums + ((nint)tile * width);
                    for (int r = 0; r < TileRows; r++)
                    {
                        int allowed = Math.Clamp(PositionOf(first + tile + r, positions) + 1 - block, 0, needed);
                        Exponentials(
                            scores + (r * KeyBlock),
                            allowed,
                            needed,
                            block == 0,
                            maxima + tile + r,
                            normalizers + ((nint)(tile + r) * TSimd.Count),
                            tileSums + ((nint)r * width),
                            width
                        );
                    }

                    ProductTile<TSimd, TVector>.Multiply(
                        scores,
                        KeyBlock,
                        1,
                        values + ((nint)block * width),
                        width,
                        needed,
                        tileSums,
                        width,
                        width,
                        block != 0
                    );
                }
            }

            for (int i = 0; i < count; i++)
            {
                totals[i] = TSimd.Sum(TSimd.Load(normalizers + ((nint)i * TSimd.Count)));
                ScaleRow(sums + ((nint)i * width), 1 / totals[i], z.RowPointer(first + i), e);
            }

            AddLogarithms(totals, maxima, logSumExp.Slice(first, count));
        }
    }

    /// <inheritdoc/>
    public override void AttentionBackward(
        MatrixView q,
        MatrixView k,
        MatrixView v,
        MatrixView z,
        ReadOnlySpan<float> logSumExp,
        float scale,
        MatrixView dz,
        MatrixView dq,
        MatrixView dk,
        MatrixView dv,
        Scratch scratch,
        AttentionSpan span = default
    )
    {
        CheckAttention(q, k, v, z, logSumExp.Length);
        CheckAttention(dq, dk, dv, dz, q.Rows);
        CheckShape(dq, q.Rows, q.Columns);
        if (span.IsBanded(k.Rows))
        {
            AttendBandBackward(q, k, v, z, logSumExp, scale, dz, dq, dk, dv, span, scratch);
            return;
        }

        int length = q.Rows;
        int e = q.Columns;
        int width = RoundUp(e, TSimd.Count);
        using Scratch.Frame frame = scratch.Enter();
        float* keysTransposed = PackPanels(k, frame);
        float* valuesTransposed = PackPanels(v, frame);
        float* keys = PackRows(k, width, frame);
        float* keySums = ZeroRows(length, width, frame);
        float* valueSums = ZeroRows(length, width, frame);
        float* queries = frame.Pointer((long)QueryBlock * width);
        float* upstream = frame.Pointer((long)QueryBlock * width);
        float* querySums = frame.Pointer((long)QueryBlock * width);
        float* shifts = frame.Pointer(QueryBlock);
        float* probabilities = frame.Pointer(QueryBlock * KeyBlock);
        float* scoreGradients = frame.Pointer(QueryBlock * KeyBlock);
        for (int first = 0; first < length; first += QueryBlock)
        {
            int count = Math.Min(QueryBlock, length - first);
            int padded = RoundUp(count, TileRows);
            CopyRows(q.RowRange(first, count), scale, queries, width, padded);
            CopyRows(dz.RowRange(first, count), 1, upstream, width, padded);
            for (int i = 0; i < padded; i++)
            {
                shifts[i] = i < count ? DotRow(dz.RowPointer(first + i), z.RowPointer(first + i), e) : 0;
            }

            for (int block = 0; block < first + count; block += KeyBlock)
            {
                for (int tile = 0; tile < padded; tile += TileRows)
                {
                    int needed = Math.Min(Math.Min(KeyBlock, first + tile + TileRows - block), length - block);
                    if (needed <= 0)
                    {
                        continue;
                    }

                    float* p = probabilities + (tile * KeyBlock);
                    float* ds = scoreGradients + (tile * KeyBlock);
                    Scores(queries + ((nint)tile * width), width, keysTransposed + ((nint)block * e), e, needed, p);
                    Scores(upstream + ((nint)tile * width), width, valuesTransposed + ((nint)block * e), e, needed, ds);
                    for (int r = 0; r < TileRows; r++)
                    {
                        int i = tile + r;
                        int allowed = Math.Clamp(first + i + 1 - block, 0, needed);
                        float m = i < count ? logSumExp[first + i] : 0;
                        SoftmaxGradients(p + (r * KeyBlock), ds + (r * KeyBlock), allowed, needed, m, shifts[i]);
                    }

                    ProductTile<TSimd, TVector>.Multiply(
                        ds,
                        KeyBlock,
                        1,
                        keys + ((nint)block * width),
                        width,
                        needed,
                        querySums + ((nint)tile * width),
                        width,
                        width,
                        block != 0
                    );
                }

                // Queries before a tile of keys do not see it: those are left out of the sums over queries.
                int end = Math.Min(block + KeyBlock, first + count);
                for (int key = block; key < end; key += TileRows)
                {
                    int skipped = Math.Max(0, key - first);
                    nint start = ((nint)skipped * KeyBlock) + (key - block);
                    ProductTile<TSimd, TVector>.Multiply(
                        probabilities + start,
                        1,
                        KeyBlock,
                        upstream + ((nint)skipped * width),
                        width,
                        padded - skipped,
                        valueSums + ((nint)key * width),
                        width,
                        width,
                        true
                    );
                    ProductTile<TSimd, TVector>.Multiply(
                        scoreGradients + start,
                        1,
                        KeyBlock,
                        queries + ((nint)skipped * width),
                        width,
                        padded - skipped,
                        keySums + ((nint)key * width),
                        width,
                        width,
                        true
                    );
                }
            }

            for (int i = 0; i < count; i++)
            {
                ScaleRow(querySums + ((nint)i * width), scale, dq.RowPointer(first + i), e);
            }
        }

        for (int j = 0; j < length; j++)
        {
            ScaleRow(keySums + ((nint)j * width), 1, dk.RowPointer(j), e);
            ScaleRow(valueSums + ((nint)j * width), 1, dv.RowPointer(j), e);
        }
    }

    /// <summary>Where a query stands; the rows that fill up the last tile stand beside its last query.</summary>
    private static int PositionOf(int query, ReadOnlySpan<int> positions) =>
        positions.IsEmpty ? query : positions[Math.Min(query, positions.Length - 1)];

    /// <summary>Six rows of a·keys for the first <paramref name="needed"/> keys of a block, rounded up to the columns of a tile.</summary>
    private static void Scores(float* a, int stride, float* keys, int e, int needed, float* scores)
    {
        for (int column = 0; column < needed; column += PanelWidth)
        {
            int vectors = VectorsFor(needed - column);
            MultiplyTiles(a, stride, 1, TileRows, keys + ((nint)column * e), e, scores + column, KeyBlock, vectors, accumulate: false);
        }
    }

    /// <summary>
    /// Replaces a row's <paramref name="allowed"/> scores by exp(score − maximum) and those behind them by zeros, and rescales what the row
    /// has summed so far if its
    /// maximum rises.
    /// </summary>
    private static void Exponentials(
        float* scores,
        int allowed,
        int needed,
        bool isFirst,
        float* maximum,
        float* normalizer,
        float* sums,
        int width
    )
    {
        int whole = allowed / TSimd.Count * TSimd.Count;
        TVector least = TSimd.Broadcast(float.NegativeInfinity);
        TVector largest = least;
        for (int j = 0; j < whole; j += TSimd.Count)
        {
            largest = TSimd.Max(largest, TSimd.Load(scores + j));
        }

        if (whole < needed)
        {
            largest = TSimd.Max(largest, TSimd.SelectFirst(allowed - whole, TSimd.Load(scores + whole), least));
        }

        float blockMaximum = TSimd.MaxElement(largest);
        TVector total = TSimd.Zero;
        if (isFirst)
        {
            *maximum = blockMaximum;
        }
        else
        {
            total = TSimd.Load(normalizer);
            if (blockMaximum > *maximum)
            {
                TVector factor = VectorMath<TSimd, TVector>.Exp(TSimd.Broadcast(*maximum - blockMaximum));
                total = TSimd.Multiply(total, factor);
                for (int j = 0; j < width; j += TSimd.Count)
                {
                    TSimd.Store(TSimd.Multiply(TSimd.Load(sums + j), factor), sums + j);
                }

                *maximum = blockMaximum;
            }
        }

        TVector shift = TSimd.Broadcast(*maximum);
        for (int j = 0; j < whole; j += TSimd.Count)
        {
            TVector exponential = VectorMath<TSimd, TVector>.ExpOfTerm(TSimd.Subtract(TSimd.Load(scores + j), shift));
            TSimd.Store(exponential, scores + j);
            total = TSimd.Add(total, exponential);
        }

        if (whole < needed)
        {
            TVector exponential = VectorMath<TSimd, TVector>.ExpOfTerm(TSimd.Subtract(TSimd.Load(scores + whole), shift));
            exponential = TSimd.SelectFirst(allowed - whole, exponential, TSimd.Zero);
            TSimd.Store(exponential, scores + whole);
            total = TSimd.Add(total, exponential);
            ClearFrom(scores, whole + TSimd.Count, needed);
        }

        TSimd.Store(total, normalizer);
    }

    /// <summary>p ← exp(p − m) and ds ← p·(ds − D) along a row's <paramref name="allowed"/> keys, and zeros behind them.</summary>
    private static void SoftmaxGradients(float* p, float* ds, int allowed, int needed, float logSumExp, float shift)
    {
        TVector m = TSimd.Broadcast(logSumExp);
        TVector d = TSimd.Broadcast(shift);
        int j = 0;
        for (; j < allowed; j += TSimd.Count)
        {
            TVector probability = VectorMath<TSimd, TVector>.ExpOfTerm(TSimd.Subtract(TSimd.Load(p + j), m));
            TVector gradient = TSimd.Multiply(probability, TSimd.Subtract(TSimd.Load(ds + j), d));
            TSimd.Store(TSimd.SelectFirst(allowed - j, probability, TSimd.Zero), p + j);
            TSimd.Store(TSimd.SelectFirst(allowed - j, gradient, TSimd.Zero), ds + j);
        }

        ClearFrom(p, j, needed);
        ClearFrom(ds, j, needed);
    }

    /// <summary>maximum + ln total of every row of a block, whose memory is whole vectors.</summary>
    private static void AddLogarithms(float* totals, float* maxima, Span<float> logSumExp)
    {
        fixed (float* target = logSumExp)
        {
            for (int i = 0; i < logSumExp.Length; i += TSimd.Count)
            {
                TVector sum = TSimd.Add(TSimd.Load(maxima + i), VectorMath<TSimd, TVector>.Log(TSimd.Load(totals + i)));
                TSimd.StorePartial(sum, target + i, Math.Min(TSimd.Count, logSumExp.Length - i));
            }
        }
    }

    /// <summary>Zeros in whole vectors of a row from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    private static void ClearFrom(float* row, int start, int end)
    {
        for (int j = start; j < end; j += TSimd.Count)
        {
            TSimd.Store(TSimd.Zero, row + j);
        }
    }
}
