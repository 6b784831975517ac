namespace Curie.Networks.Files;

/// <summary>A float32 tensor to be written, in memory that somebody else owns.</summary>
public sealed unsafe class SafetensorsSource
{
    /// <summary>Names a block of memory; it is read when the file is written.</summary>
    /// <param name="name">The tensor's name in the file.</param>
    /// <param name="shape">The dimensions; empty for a scalar.</param>
    /// <param name="data">As many elements, in C order, as the shape holds.</param>
    public SafetensorsSource(string name, IReadOnlyList<int> shape, float* data)
    {
        Name = name;
        Shape = shape;
        Data = data;
        Count = shape.Aggregate(1L, (count, dimension) => checked(count * dimension));
    }

    /// <summary>The tensor's name in the file.</summary>
    public string Name { get; }

    /// <summary>The dimensions.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The number of elements.</summary>
    public long Count { get; }

    internal float* Data { get; }
}
