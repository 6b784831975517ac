using System.Buffers;
using System.Runtime.InteropServices;
using Curie.Networks.Files;
using Curie.Numerics;
using Curie.Numerics.Memory;

namespace Curie.Networks.Archives;

/// <summary>
/// A tensor whose element (i₀, i₁, …) lies offset + Σ iₖ·strideₖ elements into its bytes. The range that it reaches was checked.
/// </summary>
internal sealed unsafe class StoredTensor : ArchivedTensor
{
    private const int PieceBytes = 1 << 18;
    private readonly ByteSource _source;
    private readonly bool _bigEndian;
    private readonly long _offset;
    private readonly long[] _strides;

    /// <summary>Describes a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="type">The type of its elements.</param>
    /// <param name="source">The bytes it lies in.</param>
    /// <param name="offset">Its first element, in elements.</param>
    /// <param name="strides">The step of each dimension in elements, none negative; null for C order.</param>
    /// <param name="bigEndian">Whether an element's most significant byte comes first.</param>
    public StoredTensor(
        string name,
        long[] shape,
        string type,
        ByteSource source,
        long offset = 0,
        long[]? strides = null,
        bool bigEndian = false
    )
        : base(name, shape, type)
    {
        _source = source;
        _offset = offset;
        _strides = strides ?? InOrder(shape);
        _bigEndian = bigEndian;
    }

    /// <inheritdoc/>
    protected override void Read(Span<float> destination)
    {
        if (!SafetensorsType.IsFloat(Type))
        {
            throw new InputException(
                $"{_source.Path} holds {PrintableText.Of(Name)} as {PrintableText.Of(Type)} where floats are needed; save it as F32."
            );
        }

        if (destination.IsEmpty)
        {
            return;
        }

        if (IsInOrder())
        {
            Convert(_offset, destination);
            return;
        }

        // The elements between the first and the last, then those that the strides pick.
        long extent = 1;
        for (int k = 0; k < Shape.Count; k++)
        {
            extent += (Shape[k] - 1) * _strides[k];
        }

        using AlignedBuffer<float> all = new(extent);
        for (long done = 0; done < extent; )
        {
            Span<float> piece = all.Slice(done, (int)Math.Min(extent - done, 1 << 26));
            Convert(_offset + done, piece);
            done += piece.Length;
        }

        Gather(all.Pointer, 0, destination);
    }

    private static long[] InOrder(long[] shape)
    {
        long[] strides = new long[shape.Length];
        long stride = 1;
        for (int k = shape.Length - 1; k >= 0; k--)
        {
            strides[k] = stride;
            stride *= Math.Max(shape[k], 1);
        }

        return strides;
    }

    private bool IsInOrder()
    {
        long stride = 1;
        for (int k = Shape.Count - 1; k >= 0; k--)
        {
            if (Shape[k] != 1 && _strides[k] != stride)
            {
                return false;
            }

            stride *= Shape[k];
        }

        return true;
    }

    private void Gather(float* first, int dimension, Span<float> target)
    {
        long stride = _strides[dimension];
        if (dimension == Shape.Count - 1)
        {
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = first[i * stride];
            }

            return;
        }

        int count = (int)Shape[dimension];
        int inner = target.Length / count;
        for (int i = 0; i < count; i++)
        {
            Gather(first + (i * stride), dimension + 1, target.Slice(i * inner, inner));
        }
    }

    private void Convert(long element, Span<float> target)
    {
        int size = SafetensorsType.Bits(Type)!.Value / 8;
        if (size == sizeof(float) && !_bigEndian && BitConverter.IsLittleEndian)
        {
            for (int done = 0; done < target.Length; done += PieceBytes)
            {
                Span<float> piece = target[done..Math.Min(target.Length, done + PieceBytes)];
                _source.Read((element + done) * size, MemoryMarshal.AsBytes(piece));
            }

            return;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            int most = PieceBytes / size;
            for (int done = 0; done < target.Length; done += most)
            {
                Span<float> piece = target[done..Math.Min(target.Length, done + most)];
                Span<byte> bytes = buffer.AsSpan(0, piece.Length * size);
                _source.Read((element + done) * size, bytes);
                ElementConversion.ToSingle(Type, bytes, piece, _bigEndian);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
