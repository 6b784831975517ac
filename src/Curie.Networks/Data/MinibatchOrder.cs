using Curie.Numerics.Random;

namespace Curie.Networks.Data;

/// <summary>
/// The rows of every minibatch, addressed by step: position p = step·batch + i is row p mod rows of epoch p / rows, in the order of the
/// file or permuted by a key and the epoch. Any step can be asked for, so a resumed run sees the same minibatches.
/// </summary>
public sealed class MinibatchOrder
{
    private readonly int _rows;
    private readonly RowOrder _order;
    private readonly PhiloxStream _random;
    private readonly int[] _permutation;
    private long _epoch = -1;

    /// <summary>An order over <paramref name="rows"/> rows.</summary>
    /// <param name="rows">The number of rows, at least 1.</param>
    /// <param name="order">Shuffled or sequential.</param>
    /// <param name="key">The key of the shuffles; of no effect when sequential.</param>
    public MinibatchOrder(int rows, RowOrder order, PhiloxKey key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        _rows = rows;
        _order = order;
        _random = new PhiloxStream(key);
        _permutation = new int[order == RowOrder.Shuffled ? rows : 0];
    }

    /// <summary>Fills <paramref name="batch"/> with the rows of a step, from 0.</summary>
    public void Fill(long step, Span<int> batch)
    {
        for (int i = 0; i < batch.Length; i++)
        {
            long position = (step * batch.Length) + i;
            int inEpoch = (int)(position % _rows);
            batch[i] = _order == RowOrder.Sequential ? inEpoch : Permutation(position / _rows)[inEpoch];
        }
    }

    private int[] Permutation(long epoch)
    {
        if (epoch != _epoch)
        {
            for (int i = 0; i < _rows; i++)
            {
                _permutation[i] = i;
            }

            _random.Restart((ulong)epoch);
            _random.Shuffle<int>(_permutation);
            _epoch = epoch;
        }

        return _permutation;
    }
}
