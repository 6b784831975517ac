using Curie.Numerics;

namespace Curie.Networks.Archives;

/// <summary>A tensor of an <see cref="ITensorArchive"/>, whose values are read when they are asked for.</summary>
public abstract class ArchivedTensor
{
    /// <summary>Describes a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its dimensions; empty for a scalar.</param>
    /// <param name="type">The type of its elements, as the safetensors format names it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is negative.</exception>
    /// <exception cref="OverflowException">There are more than 2⁶³ − 1 elements.</exception>
    protected ArchivedTensor(string name, IReadOnlyList<long> shape, string type)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(type);
        Name = name;
        Shape = shape;
        Type = type;
        bool empty = shape.Contains(0);
        Count = empty ? 0 : 1;
        foreach (long dimension in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dimension, nameof(shape));
            Count = checked(Count * (empty ? 0 : dimension));
        }
    }

    /// <summary>The name, e.g. <c>transformer.h.0.attn.c_attn.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The dimensions as stored; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The type of the elements, as the safetensors format names it: F32, BF16, I64, BOOL, …</summary>
    public string Type { get; }

    /// <summary>The number of elements, ∏ shape.</summary>
    public long Count { get; }

    /// <summary>
    /// Reads the elements in C order as float32, the strides of views resolved. F16 and BF16 convert exactly; F64 is rounded to the
    /// nearest.
    /// </summary>
    /// <param name="destination">Exactly <see cref="Count"/> elements.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="InputException">
    /// The elements are not floating-point numbers of 16, 32 or 64 bits, or the file cannot be read or is damaged.
    /// </exception>
    public void CopyTo(Span<float> destination)
    {
        if (destination.Length != Count)
        {
            throw new ArgumentException($"{Name} has {Count} elements and the destination {destination.Length}", nameof(destination));
        }

        Read(destination);
    }

    /// <summary>Reads the elements.</summary>
    /// <param name="destination">As many elements as the tensor has.</param>
    protected abstract void Read(Span<float> destination);
}
