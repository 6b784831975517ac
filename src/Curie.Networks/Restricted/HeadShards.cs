using Curie.Networks.Passes;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;

namespace Curie.Networks.Restricted;

/// <summary>
/// The gradients at several weight vectors of heads while a minibatch is summed: one buffer for each point and shard, added up in the order
/// of shards.
/// Buffers are made when they are first needed.
/// </summary>
internal sealed unsafe class HeadShards : IDisposable
{
    private const int BlockLength = 1 << 14;
    private readonly HeadSet _heads;
    private readonly int _mixingRows;
    private readonly AlignedBuffer<float>?[] _buffers;
    private readonly int _parameters;
    private readonly int _length;

    /// <summary>Buffers for the heads' own parameters, and for the gradient of M (u × V) where that is summed too.</summary>
    public HeadShards(HeadSet heads, bool withMixing)
    {
        _heads = heads;
        _mixingRows = withMixing ? heads.Config.GroupWidth : 0;
        _buffers = new AlignedBuffer<float>?[heads.Count * heads.GradientSlots * TransformerEvaluator.MaxShards];
        _parameters = HeadVector.LengthFor(heads.Config);
        _length = checked(_parameters + (_mixingRows * heads.Config.Logits));
    }

    /// <summary>The gradient of a head's own parameters at a weight vector.</summary>
    public HeadVector Vector(LoadedWeights point, int shard) => new(Buffer(point, shard).Pointer, _heads.Config);

    /// <summary>The gradient of M, u × V.</summary>
    public MatrixView Mixing(LoadedWeights point, int shard) =>
        new(Buffer(point, shard).Pointer + _parameters, _mixingRows, _heads.Config.Logits);

    /// <summary>Makes sure of the buffers.</summary>
    public void Prepare(ReadOnlySpan<LoadedWeights> points, int shards)
    {
        foreach (LoadedWeights point in points)
        {
            for (int shard = 0; shard < shards; shard++)
            {
                _buffers[Place(point, shard)] ??= new AlignedBuffer<float>(_length);
            }
        }
    }

    public void Clear(LoadedWeights point, int shard) => Buffer(point, shard).Span.Clear();

    /// <summary>Adds all shards to the first.</summary>
    public void Reduce(LoadedWeights[] points, int count, int shards)
    {
        int blocks = (_length + BlockLength - 1) / BlockLength;
        ReduceBody body = new(this, points, blocks, shards);
        _heads.Network.Pool.Run(count * blocks, ref body);
    }

    /// <summary>Copies the gradient at a weight vector out of a shard.</summary>
    public void CopyTo(LoadedWeights point, int shard, Span<float> gradient) => Buffer(point, shard).Slice(0, _parameters).CopyTo(gradient);

    public void Dispose() => Array.ForEach(_buffers, buffer => buffer?.Dispose());

    private int Place(LoadedWeights point, int shard) =>
        (((point.Component * _heads.GradientSlots) + point.Slot) * TransformerEvaluator.MaxShards) + shard;

    private AlignedBuffer<float> Buffer(LoadedWeights point, int shard) => _buffers[Place(point, shard)]!;

    private readonly struct ReduceBody(HeadShards owner, LoadedWeights[] points, int blocks, int shards) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            LoadedWeights point = points[item / blocks];
            int start = item % blocks * BlockLength;
            int length = Math.Min(BlockLength, owner._length - start);
            Span<float> sum = owner.Buffer(point, 0).Slice(start, length);
            for (int shard = 1; shard < shards; shard++)
            {
                owner._heads.Kernels.Add(owner.Buffer(point, shard).Slice(start, length), sum);
            }
        }
    }
}
