namespace Curie.Numerics.Memory;

/// <summary>
/// Working memory of one worker: a stack of aligned blocks that kernels and network passes take and give back, so that no step
/// allocates once the first one has run. Not shared between threads.
/// </summary>
/// <example><code>
/// using Scratch.Frame frame = scratch.Enter();
/// MatrixView packed = frame.Matrix(256, 64);
/// </code></example>
public sealed unsafe class Scratch : IDisposable
{
    private const long MinimumBlock = 1 << 18;
    private const int LineElements = 16;
    private readonly List<AlignedBuffer<float>> _blocks = [];
    private int _block;
    private long _offset;

    /// <summary>The bytes held, whether in use or not.</summary>
    public long Bytes => _blocks.Sum(block => block.Length) * sizeof(float);

    /// <summary>Opens a frame; everything taken from it is given back when the frame is disposed.</summary>
    public Frame Enter() => new(this);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AlignedBuffer<float> block in _blocks)
        {
            block.Dispose();
        }

        _blocks.Clear();
    }

    private float* Take(long length)
    {
        long rounded = (length + LineElements - 1) / LineElements * LineElements;
        while (_block < _blocks.Count && _offset + rounded > _blocks[_block].Length)
        {
            _block++;
            _offset = 0;
        }

        if (_block == _blocks.Count)
        {
            _blocks.Add(new AlignedBuffer<float>(Math.Max(rounded, MinimumBlock)));
            _offset = 0;
        }

        float* data = _blocks[_block].Pointer + _offset;
        _offset += rounded;
        return data;
    }

    /// <summary>A scope of working memory. The contents of what it hands out are undefined until written.</summary>
    public readonly ref struct Frame : IDisposable
    {
        private readonly Scratch _owner;
        private readonly int _block;
        private readonly long _offset;

        internal Frame(Scratch owner)
        {
            _owner = owner;
            _block = owner._block;
            _offset = owner._offset;
        }

        /// <summary>A rows × columns matrix without gaps, 64-byte aligned at its first element.</summary>
        public MatrixView Matrix(int rows, int columns) => new(_owner.Take((long)rows * columns), rows, columns);

        /// <summary>A vector, 64-byte aligned.</summary>
        public Span<float> Vector(int length) => new(_owner.Take(length), length);

        /// <summary>A vector, 64-byte aligned, by address.</summary>
        public float* Pointer(long length) => _owner.Take(length);

        /// <inheritdoc/>
        public void Dispose()
        {
            _owner._block = _block;
            _owner._offset = _offset;
        }
    }
}
