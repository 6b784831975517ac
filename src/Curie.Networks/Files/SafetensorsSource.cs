using Curie.Numerics.Memory;

namespace Curie.Networks.Files;

/// <summary>A float32 tensor to be written, in memory that somebody else owns.</summary>
public sealed unsafe class SafetensorsSource
{
    private readonly Action<Span<float>>? _fill;
    private readonly float* _data;

    /// <summary>Names a block of memory; it is read when the file is written.</summary>
    /// <param name="name">The tensor's name in the file.</param>
    /// <param name="shape">The dimensions; empty for a scalar.</param>
    /// <param name="data">As many elements, in C order, as the shape holds.</param>
    public SafetensorsSource(string name, IReadOnlyList<int> shape, float* data)
        : this(name, shape) => _data = data;

    /// <summary>Names a tensor that is made when it is written, so that there is one of them at a time.</summary>
    /// <param name="name">The tensor's name in the file.</param>
    /// <param name="shape">The dimensions, of at most 2³¹ − 1 elements together.</param>
    /// <param name="fill">Writes its elements, which are zeros before, in C order.</param>
    internal SafetensorsSource(string name, IReadOnlyList<int> shape, Action<Span<float>> fill)
        : this(name, shape) => _fill = fill;

    private SafetensorsSource(string name, IReadOnlyList<int> shape)
    {
        Name = name;
        Shape = shape;
        Count = shape.Aggregate(1L, (count, dimension) => checked(count * dimension));
    }

    /// <summary>The tensor's name in the file.</summary>
    public string Name { get; }

    /// <summary>The dimensions.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The number of elements.</summary>
    public long Count { get; }

    /// <summary>Writes the elements' bytes.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="pieceBytes">The most bytes at a time.</param>
    internal void WriteTo(Stream stream, int pieceBytes)
    {
        if (_fill is null)
        {
            Write(stream, _data, pieceBytes);
            return;
        }

        using AlignedBuffer<float> made = new(Math.Max(Count, 1));
        _fill(made.Slice(0, checked((int)Count)));
        Write(stream, made.Pointer, pieceBytes);
    }

    private void Write(Stream stream, float* data, int pieceBytes)
    {
        long bytes = Count * sizeof(float);
        for (long start = 0; start < bytes; start += pieceBytes)
        {
            stream.Write(new ReadOnlySpan<byte>((byte*)data + start, (int)Math.Min(pieceBytes, bytes - start)));
        }
    }
}
