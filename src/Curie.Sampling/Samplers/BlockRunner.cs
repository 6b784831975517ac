using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;

namespace Curie.Sampling.Samplers;

/// <summary>
/// Runs an update in blocks of fixed length on all threads and adds the blocks' sums in their order: the same bits for any number of
/// threads.
/// </summary>
public sealed class BlockRunner
{
    /// <summary>
    /// The weights one worker updates at a time: 64 KiB of each of three vectors, so that a block stays in a core's cache between the
    /// noise and the update. Part of the arithmetic's fixed split; a multiple of 4, as the random numbers need.
    /// </summary>
    public const int BlockLength = 1 << 14;

    private readonly WorkerPool _pool;
    private readonly long _length;
    private readonly UpdateSums[] _sums;

    /// <summary>For vectors of so many weights.</summary>
    public BlockRunner(WorkerPool pool, long length)
    {
        _pool = pool;
        _length = length;
        _sums = new UpdateSums[(length + BlockLength - 1) / BlockLength];
    }

    /// <summary>Runs every block and returns the sum of what they return.</summary>
    public UpdateSums Run<TUpdate>(TUpdate update)
        where TUpdate : struct, IBlockUpdate
    {
        Body<TUpdate> body = new(this, update);
        _pool.Run(_sums.Length, ref body);
        UpdateSums total = default;
        foreach (UpdateSums sums in _sums)
        {
            total += sums;
        }

        return total;
    }

    private readonly struct Body<TUpdate>(BlockRunner runner, TUpdate update) : IParallelBody
        where TUpdate : struct, IBlockUpdate
    {
        public void Invoke(int item, int worker)
        {
            long first = (long)item * BlockLength;
            runner._sums[item] = update.Run(first, (int)Math.Min(BlockLength, runner._length - first));
        }
    }
}
