using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Curie.Networks.Files;

/// <summary>Elements of a file to float32.</summary>
internal static class ElementConversion
{
    /// <summary>Converts F16 and BF16 exactly, rounds F64 to the nearest, copies F32.</summary>
    /// <param name="type">One of the four.</param>
    /// <param name="source">The elements' bytes.</param>
    /// <param name="target">As many elements as the bytes hold.</param>
    /// <param name="bigEndian">Whether an element's most significant byte comes first.</param>
    public static void ToSingle(string type, ReadOnlySpan<byte> source, Span<float> target, bool bigEndian = false)
    {
        switch (type)
        {
            case SafetensorsType.F32 when bigEndian == !BitConverter.IsLittleEndian:
                source.CopyTo(MemoryMarshal.AsBytes(target));
                break;
            case SafetensorsType.F32:
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, int>(source), MemoryMarshal.Cast<float, int>(target));
                break;
            case SafetensorsType.F64:
                for (int i = 0; i < target.Length; i++)
                {
                    ReadOnlySpan<byte> bytes = source.Slice(8 * i, 8);
                    target[i] = (float)(
                        bigEndian ? BinaryPrimitives.ReadDoubleBigEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes)
                    );
                }

                break;
            case SafetensorsType.F16:
                for (int i = 0; i < target.Length; i++)
                {
                    target[i] = (float)BitConverter.UInt16BitsToHalf(ReadUInt16(source, i, bigEndian));
                }

                break;
            case SafetensorsType.BF16:
                for (int i = 0; i < target.Length; i++)
                {
                    target[i] = BitConverter.UInt32BitsToSingle((uint)ReadUInt16(source, i, bigEndian) << 16);
                }

                break;
            default:
                throw new ArgumentException($"{type} is not converted", nameof(type));
        }
    }

    private static ushort ReadUInt16(ReadOnlySpan<byte> source, int index, bool bigEndian)
    {
        ReadOnlySpan<byte> bytes = source.Slice(2 * index, 2);
        return bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }
}
