using System.Runtime.InteropServices;

namespace Curie.Numerics.Files;

/// <summary>Receives the elements of one array piece by piece, in C order; the shape was fixed when the file was begun.</summary>
/// <typeparam name="T">The element type: float, double, ushort, int or long.</typeparam>
public sealed unsafe class NpyWriter<T>
    where T : unmanaged
{
    private const int PieceElements = 1 << 24;
    private readonly Stream _stream;
    private readonly NpyHeader _header;

    internal NpyWriter(Stream stream, NpyHeader header)
    {
        _stream = stream;
        _header = header;
        stream.Write(header.ToBytes());
    }

    /// <summary>The number of elements written so far.</summary>
    public long Written { get; private set; }

    /// <summary>Appends elements.</summary>
    /// <exception cref="InvalidOperationException">More elements than the shape holds.</exception>
    public void Write(ReadOnlySpan<T> values)
    {
        if (values.Length > _header.Count - Written)
        {
            throw new InvalidOperationException($"the shape holds {_header.Count} elements, fewer than were written");
        }

        _stream.Write(MemoryMarshal.AsBytes(values));
        Written += values.Length;
    }

    /// <summary>Appends <paramref name="count"/> elements from memory that may be longer than a span.</summary>
    /// <exception cref="InvalidOperationException">More elements than the shape holds.</exception>
    public void Write(T* values, long count)
    {
        for (long start = 0; start < count; start += PieceElements)
        {
            Write(new ReadOnlySpan<T>(values + start, (int)Math.Min(PieceElements, count - start)));
        }
    }

    internal void Finish()
    {
        if (Written != _header.Count)
        {
            throw new InvalidOperationException($"the shape holds {_header.Count} elements and {Written} were written");
        }
    }
}
