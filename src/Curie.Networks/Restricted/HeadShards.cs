using Curie.Networks.Passes;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;

namespace Curie.Networks.Restricted;

/// <summary>
/// The gradients of several heads while a minibatch is summed: one buffer for each component and shard, added up in the order of shards.
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

    /// <summary>Buffers for the heads' own parameters, and for the gradient of M (e × V) where that is summed too.</summary>
    public HeadShards(HeadSet heads, bool withMixing)
    {
        _heads = heads;
        _mixingRows = withMixing ? heads.Config.HeadWidth : 0;
        _buffers = new AlignedBuffer<float>?[heads.Count * TransformerEvaluator.MaxShards];
        _parameters = HeadVector.LengthFor(heads.Config);
        _length = checked(_parameters + (_mixingRows * heads.Config.Vocabulary));
    }

    /// <summary>The gradient of a head's own parameters.</summary>
    public HeadVector Vector(int component, int shard) => new(Buffer(component, shard).Pointer, _heads.Config);

    /// <summary>The gradient of M, e × V.</summary>
    public MatrixView Mixing(int component, int shard) => new(Buffer(component, shard).Pointer + _parameters, _mixingRows, _heads.Config.Vocabulary);

    /// <summary>Makes sure of the buffers.</summary>
    public void Prepare(ReadOnlySpan<int> components, int shards)
    {
        foreach (int component in components)
        {
            for (int shard = 0; shard < shards; shard++)
            {
                _buffers[(component * TransformerEvaluator.MaxShards) + shard] ??= new AlignedBuffer<float>(_length);
            }
        }
    }

    public void Clear(int component, int shard) => Buffer(component, shard).Span.Clear();

    /// <summary>Adds all shards to the first.</summary>
    public void Reduce(int[] components, int count, int shards)
    {
        int blocks = (_length + BlockLength - 1) / BlockLength;
        ReduceBody body = new(this, components, blocks, shards);
        _heads.Network.Pool.Run(count * blocks, ref body);
    }

    /// <summary>Copies a component's gradient out of a shard.</summary>
    public void CopyTo(int component, int shard, Span<float> gradient) => Buffer(component, shard).Slice(0, _parameters).CopyTo(gradient);

    public void Dispose() => Array.ForEach(_buffers, buffer => buffer?.Dispose());

    private AlignedBuffer<float> Buffer(int component, int shard) => _buffers[(component * TransformerEvaluator.MaxShards) + shard]!;

    private readonly struct ReduceBody(HeadShards owner, int[] components, int blocks, int shards) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            int component = components[item / blocks];
            int start = item % blocks * BlockLength;
            int length = Math.Min(BlockLength, owner._length - start);
            Span<float> sum = owner.Buffer(component, 0).Slice(start, length);
            for (int shard = 1; shard < shards; shard++)
            {
                owner._heads.Kernels.Add(owner.Buffer(component, shard).Slice(start, length), sum);
            }
        }
    }
}
