using Curie.Numerics.Memory;

namespace Curie.Numerics.Files;

/// <summary>An array read from a .npy file or a .npz entry: elements in C order in native memory, and the shape.</summary>
/// <typeparam name="T">The element type: float, double, ushort, int or long.</typeparam>
public sealed unsafe class NpyArray<T> : IDisposable
    where T : unmanaged
{
    internal NpyArray(AlignedBuffer<T> data, IReadOnlyList<long> shape)
    {
        Data = data;
        Shape = shape;
    }

    /// <summary>All elements, the last dimension varying fastest; may be longer than a span.</summary>
    public AlignedBuffer<T> Data { get; }

    /// <summary>The dimensions; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The number of elements.</summary>
    public long Length => Data.Length;

    /// <summary>All elements.</summary>
    /// <exception cref="OverflowException">The array is longer than a span can be.</exception>
    public ReadOnlySpan<T> Span => Data.Span;

    /// <summary>The elements at <paramref name="index"/> of the first dimension: a row of a matrix.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="InvalidOperationException">The array is a scalar.</exception>
    public ReadOnlySpan<T> Row(long index)
    {
        if (Shape.Count == 0)
        {
            throw new InvalidOperationException("a scalar has no rows");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Shape[0]);
        long rowLength = Length / Shape[0];
        return Data.Slice(index * rowLength, checked((int)rowLength));
    }

    /// <summary>A managed copy of all elements.</summary>
    /// <exception cref="OverflowException">The array is longer than a span can be.</exception>
    public T[] ToArray() => Span.ToArray();

    /// <inheritdoc/>
    public void Dispose() => Data.Dispose();
}
