using Curie.Networks.Data;
using Curie.Networks.Restricted;
using Curie.Text.Packing;

namespace Curie.Response.Experiments;

/// <summary>
/// P: the mean loss of fixed rows in float64, and each row's own, at several weight vectors. The rows are dealt into blocks of equal size,
/// so that a difference of two vectors can be
/// taken on one block alone.
/// </summary>
internal sealed class MeanLoss : IDisposable
{
    /// <summary>The rows of a block, about; fewer would show in the spread of the draws.</summary>
    private const int RowsOfBlock = 8;

    private const int MostBlocks = 4;
    private readonly FrozenRowSets _blocks;
    private readonly int[][] _rowsOf;
    private readonly double[] _rowMeans;
    private readonly double[] _blockMeans;
    private readonly LoadedWeights[] _points;
    private readonly int[] _places;
    private readonly int _count;
    private readonly double[]? _shares;

    /// <summary>Prepares rows.</summary>
    /// <param name="group">The components that vary.</param>
    /// <param name="rows">Token rows.</param>
    /// <param name="indices">Which of them are P.</param>
    /// <param name="capacity">How many weight vectors are evaluated together at most.</param>
    /// <param name="frozenMemory">The bytes of frozen activations that may be kept.</param>
    /// <param name="counted">Which positions count; null for all.</param>
    public MeanLoss(
        IRestrictedGroup group,
        TokenRows rows,
        IReadOnlyList<int> indices,
        int capacity,
        long frozenMemory,
        CountedPositions? counted = null
    )
    {
        _count = indices.Count;
        _shares = counted?.Shares(indices);
        int blocks = BlocksOf(_count);
        _rowsOf =
        [
            .. Enumerable.Range(0, blocks).Select(block => Enumerable.Range(0, _count).Where(row => row % blocks == block).ToArray()),
        ];
        _blocks = new FrozenRowSets(group);
        foreach (int[] block in _rowsOf)
        {
            int[] ofBlock = [.. block.Select(row => indices[row])];
            _blocks.Add(rows, ofBlock, counted?.Slots(ofBlock), frozenMemory);
        }

        _rowMeans = new double[capacity * _count];
        _blockMeans = new double[capacity * _rowsOf[0].Length];
        _points = new LoadedWeights[capacity];
        _places = new int[capacity];
    }

    /// <summary>How many blocks so many rows are dealt into.</summary>
    public static int BlocksOf(int rows)
    {
        int blocks = Math.Clamp(rows / RowsOfBlock, 1, MostBlocks);
        while (rows % blocks != 0)
        {
            blocks--;
        }

        return blocks;
    }

    /// <summary>The number of blocks.</summary>
    public int Blocks => _blocks.Count;

    /// <summary>The bytes that frozen activations hold.</summary>
    public long FrozenBytes => _blocks.Bytes;

    /// <summary>
    /// The row means of the last evaluation at point <paramref name="index"/>, nats; where positions are left out each times its share of
    /// the counted ones (<see cref="CountedPositions.Shares"/>), so that their mean is P.
    /// </summary>
    public ReadOnlySpan<double> RowMeans(int index) => _rowMeans.AsSpan(index * _count, _count);

    /// <summary>Spends what memory is left, block by block.</summary>
    public void UseSpareMemory(long bytes) => _blocks.UseSpareMemory(bytes);

    /// <summary>Evaluates loaded weight vectors on all rows.</summary>
    public void Evaluate(ReadOnlySpan<LoadedWeights> points) => Evaluate(points, [], -1);

    /// <summary>Evaluates loaded weight vectors, some of them on one block of rows only.</summary>
    /// <param name="points">Where they were loaded.</param>
    /// <param name="partial">Which of them need one block only; empty for none.</param>
    /// <param name="block">That block.</param>
    public void Evaluate(ReadOnlySpan<LoadedWeights> points, ReadOnlySpan<bool> partial, int block)
    {
        for (int b = 0; b < _blocks.Count; b++)
        {
            int count = 0;
            for (int index = 0; index < points.Length; index++)
            {
                if (b == block || partial.IsEmpty || !partial[index])
                {
                    _places[count] = index;
                    _points[count++] = points[index];
                }
            }

            int[] rows = _rowsOf[b];
            _blocks[b].Losses(_points.AsSpan(0, count), [], _blockMeans.AsSpan(0, count * rows.Length));
            for (int i = 0; i < count; i++)
            {
                for (int row = 0; row < rows.Length; row++)
                {
                    double mean = _blockMeans[(i * rows.Length) + row];
                    _rowMeans[(_places[i] * _count) + rows[row]] = _shares is null ? mean : mean * _shares[rows[row]];
                }
            }
        }
    }

    /// <summary>P of the last evaluation at point <paramref name="index"/>, nats per token.</summary>
    public double Mean(int index)
    {
        double sum = 0;
        foreach (double mean in RowMeans(index))
        {
            sum += mean;
        }

        return sum / _count;
    }

    /// <summary>The mean over one block of the last evaluation at point <paramref name="index"/>, nats per token.</summary>
    public double BlockMean(int index, int block)
    {
        double sum = 0;
        foreach (int row in _rowsOf[block])
        {
            sum += _rowMeans[(index * _count) + row];
        }

        return sum / _rowsOf[block].Length;
    }

    /// <inheritdoc/>
    public void Dispose() => _blocks.Dispose();
}
