using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Curie.Numerics.Memory;

/// <summary>A block of native memory, aligned to 64 bytes (one cache line, one 512-bit vector) and zeroed, freed with its owner.</summary>
/// <typeparam name="T">The element type.</typeparam>
[SuppressMessage("Design", "CA1063", Justification = "Sealed; the finalizer is the whole safety net.")]
public sealed unsafe class AlignedBuffer<T> : IDisposable
    where T : unmanaged
{
    private const nuint Alignment = 64;
    private T* _data;

    /// <summary>Allocates <paramref name="length"/> zeroed elements.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    /// <exception cref="OutOfMemoryException">The system has no such block.</exception>
    public AlignedBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        nuint bytes = (nuint)Math.Max(length, 1) * (nuint)sizeof(T);
        _data = (T*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(_data, bytes);
    }

    /// <summary>Frees the memory of a buffer that was not disposed.</summary>
    ~AlignedBuffer() => Free();

    /// <summary>The number of elements.</summary>
    public long Length { get; }

    /// <summary>The first element.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public T* Pointer
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ObjectDisposedException.ThrowIf(_data == null, this);
            return _data;
        }
    }

    /// <summary>All elements.</summary>
    /// <exception cref="OverflowException">The buffer is longer than a span can be.</exception>
    public Span<T> Span => new(Pointer, checked((int)Length));

    /// <summary>Elements <paramref name="start"/> to <paramref name="start"/> + <paramref name="length"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the buffer.</exception>
    public Span<T> Slice(long start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + length, Length);
        return new Span<T>(Pointer + start, length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
    }
}
