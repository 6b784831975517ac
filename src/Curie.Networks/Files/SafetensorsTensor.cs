using Curie.Numerics;
using Curie.Numerics.Memory;

namespace Curie.Networks.Files;

/// <summary>One tensor of a safetensors file that was read; valid as long as its <see cref="SafetensorsContents"/>.</summary>
public sealed unsafe class SafetensorsTensor
{
    private const int PieceElements = 1 << 26;
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
            throw new InputException($"{_path} holds {PrintableText.Of(Name)} as {ElementType} where floats are needed; save it as F32.");
        }

        // Elements of any of these types fill whole bytes. A span reaches 2³¹ of them, so that many elements are more than one.
        int size = SafetensorsType.Bits(ElementType)!.Value / 8;
        for (int done = 0; done < target.Length; done += PieceElements)
        {
            Span<float> piece = target[done..Math.Min(target.Length, done + PieceElements)];
            ReadOnlySpan<byte> bytes = new(_data.Pointer + _entry.Start + ((long)done * size), piece.Length * size);
            ElementConversion.ToSingle(ElementType, bytes, piece);
        }
    }
}
