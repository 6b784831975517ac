using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Curie.Numerics;
using Curie.Numerics.Memory;

namespace Curie.Networks.Files;

/// <summary>One tensor of a safetensors file that was read; valid as long as its <see cref="SafetensorsContents"/>.</summary>
public sealed unsafe class SafetensorsTensor
{
    private readonly AlignedBuffer<byte> _data;
    private readonly SafetensorsEntry _entry;
    private readonly string _path;

    internal SafetensorsTensor(AlignedBuffer<byte> data, SafetensorsEntry entry, string path)
    {
        _data = data;
        _entry = entry;
        _path = path;
    }

    /// <summary>The name, e.g. <c>blocks.0.attn.W_Q</c>.</summary>
    public string Name => _entry.Name;

    /// <summary>The element type as the file names it, e.g. <c>F32</c>.</summary>
    public string ElementType => _entry.ElementType;

    /// <summary>The dimensions; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape => _entry.Shape;

    /// <summary>The number of elements.</summary>
    public long Count => _entry.Count;

    /// <summary>Copies the elements, in C order, as float32; F16 and BF16 convert exactly, F64 is rounded.</summary>
    /// <param name="target">Exactly <see cref="Count"/> elements.</param>
    /// <exception cref="ArgumentException">The target has another length.</exception>
    /// <exception cref="InputException">The elements are not floating-point numbers of 16, 32 or 64 bits.</exception>
    public void CopyTo(Span<float> target)
    {
        if (target.Length != Count)
        {
            throw new ArgumentException($"{Name} has {Count} elements and the target {target.Length}", nameof(target));
        }

        if (!SafetensorsType.IsFloat(ElementType))
        {
            throw new InputException($"{_path} holds {Name} as {ElementType} where floats are needed; save it as F32.");
        }

        ReadOnlySpan<byte> bytes = new(_data.Pointer + _entry.Start, checked((int)(_entry.End - _entry.Start)));
        switch (ElementType)
        {
            case SafetensorsType.F32:
                bytes.CopyTo(MemoryMarshal.AsBytes(target));
                break;
            case SafetensorsType.F64:
                for (int i = 0; i < target.Length; i++)
                {
                    target[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]);
                }

                break;
            case SafetensorsType.F16:
                for (int i = 0; i < target.Length; i++)
                {
                    target[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
                }

                break;
            default:
                for (int i = 0; i < target.Length; i++)
                {
                    target[i] = BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16);
                }

                break;
        }
    }
}
