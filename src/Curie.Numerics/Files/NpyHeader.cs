using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Curie.Numerics.Files;

/// <summary>
/// The header of a .npy file: magic string, version, and a Python dictionary literal with the element type, the order and the shape.
/// Source: numpy's own specification, numpy.lib.format.
/// </summary>
public sealed class NpyHeader
{
    private const int Alignment = 64;
    private const int GrowthDigits = 21;
    private const int LongestText = 1 << 16;
    private static readonly byte[] Magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private readonly long[] _shape;

    /// <summary>Describes a C-ordered array.</summary>
    /// <exception cref="ArgumentException">A dimension is negative, or the array has more bytes than a 64-bit integer counts.</exception>
    public NpyHeader(NpyElement element, ReadOnlySpan<long> shape)
    {
        Element = element;
        _shape = shape.ToArray();
        Count = TryCount(_shape, element.Size())
            ?? throw new ArgumentException("a dimension is negative or the array is too large", nameof(shape));
    }

    /// <summary>The type of the elements.</summary>
    public NpyElement Element { get; }

    /// <summary>The dimensions; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>The number of elements: the product of the dimensions.</summary>
    public long Count { get; }

    /// <summary>The bytes that follow the header.</summary>
    public long DataBytes => Count * Element.Size();

    /// <summary>Reads a header and leaves the stream at the first element.</summary>
    /// <param name="stream">A stream at the start of the .npy data.</param>
    /// <param name="source">How messages name the file.</param>
    /// <exception cref="InputException">
    /// Not a .npy file, truncated, of a version or element type that Curie does not read, or in Fortran order.
    /// </exception>
    public static NpyHeader Read(Stream stream, string source)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Span<byte> prefix = stackalloc byte[8];
        int got = stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false);
        if (!prefix[..Math.Min(got, Magic.Length)].SequenceEqual(Magic.AsSpan(0, Math.Min(got, Magic.Length))) || got == 0)
        {
            throw new InputException($"{source} is not a .npy file (its first bytes are not numpy's); write it with numpy.save.");
        }

        ThrowIfTruncated(got, prefix.Length, source);
        int major = prefix[6];
        if (major is < 1 or > 3)
        {
            throw new InputException($"{source} has .npy version {major}, but Curie reads 1 to 3; write it again with numpy.save.");
        }

        Span<byte> lengthBytes = stackalloc byte[major == 1 ? 2 : 4];
        ThrowIfTruncated(stream.ReadAtLeast(lengthBytes, lengthBytes.Length, throwOnEndOfStream: false), lengthBytes.Length, source);
        uint length =
            major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes) : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > LongestText)
        {
            throw new InputException(
                $"{source} declares a .npy header of {length} bytes, which is damage; write it again with numpy.save."
            );
        }

        byte[] text = new byte[length];
        ThrowIfTruncated(stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false), text.Length, source);
        return FromLiteral(NpyHeaderLiteral.Parse(Encoding.UTF8.GetString(text), source), source);
    }

    /// <summary>
    /// The header as numpy itself writes it, byte for byte: version 1.0, spare room for the first dimension to grow to 21 digits, padded
    /// with spaces to a multiple of 64 bytes.
    /// </summary>
    public byte[] ToBytes()
    {
        string shape = _shape.Length == 1 ? $"({_shape[0]},)" : $"({string.Join(", ", _shape)})";
        string text = $"{{'descr': '{Element.Descriptor()}', 'fortran_order': False, 'shape': {shape}, }}";
        if (_shape.Length > 0)
        {
            text += new string(' ', GrowthDigits - _shape[0].ToString(CultureInfo.InvariantCulture).Length);
        }

        int prefix = Magic.Length + 2 + sizeof(ushort);
        text += new string(' ', Alignment - ((prefix + text.Length + 1) % Alignment)) + '\n';

        byte[] bytes = new byte[prefix + text.Length];
        Magic.CopyTo(bytes, 0);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), checked((ushort)text.Length));
        Encoding.ASCII.GetBytes(text, bytes.AsSpan(prefix));
        return bytes;
    }

    /// <summary>Refuses an array whose elements are not <paramref name="wanted"/>.</summary>
    /// <exception cref="InputException">The element types differ.</exception>
    internal void Require(NpyElement wanted, string source)
    {
        if (Element != wanted)
        {
            throw new InputException(
                $"{source} holds {Element.NumpyName()} but {wanted.NumpyName()} is needed; convert it with numpy's "
                    + $"astype('{wanted.NumpyName()}')."
            );
        }
    }

    /// <summary>Refuses an array whose data is longer or shorter than its shape says.</summary>
    /// <exception cref="InputException">The sizes differ.</exception>
    internal void RequireDataBytes(long available, string source)
    {
        if (available < DataBytes)
        {
            throw new InputException(
                $"{source} is truncated: its shape ({string.Join(", ", _shape)}) needs {DataBytes} bytes of data and {available} are "
                    + "there; write or copy it again."
            );
        }

        if (available > DataBytes)
        {
            throw new InputException(
                $"{source} holds {available - DataBytes} bytes more than its shape ({string.Join(", ", _shape)}) says; write it again "
                    + "with numpy.save."
            );
        }
    }

    private static NpyHeader FromLiteral(NpyHeaderLiteral literal, string source)
    {
        if (literal.FortranOrder)
        {
            throw new InputException($"{source} is in Fortran order; save numpy.ascontiguousarray(a) instead.");
        }

        NpyElement element = NpyElements.FromDescriptor(literal.Descriptor)
            ?? throw new InputException(
                $"{source} holds elements of type '{literal.Descriptor}', but Curie reads little-endian float32, float64, int32, int64, "
                    + "uint16 and uint32, and uint8 and bool; convert it with numpy's astype."
            );
        if (TryCount(literal.Shape, element.Size()) is null)
        {
            throw new InputException(
                $"{source} declares the impossible shape ({string.Join(", ", literal.Shape)}); write it again with numpy.save."
            );
        }

        return new NpyHeader(element, literal.Shape);
    }

    private static long? TryCount(ReadOnlySpan<long> shape, int size)
    {
        Int128 count = 1;
        bool empty = false;
        foreach (long dimension in shape)
        {
            if (dimension < 0)
            {
                return null;
            }

            empty |= dimension == 0;
            count *= Math.Max(dimension, 1);
            if (count * size > long.MaxValue)
            {
                return null;
            }
        }

        return empty ? 0 : (long)count;
    }

    private static void ThrowIfTruncated(int got, int wanted, string source)
    {
        if (got < wanted)
        {
            throw new InputException($"{source} is truncated: it ends inside its .npy header; write or copy it again.");
        }
    }
}
