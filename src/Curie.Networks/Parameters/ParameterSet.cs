using Curie.Numerics.Memory;

namespace Curie.Networks.Parameters;

/// <summary>One value for every parameter of a transformer (or one gradient): a flat float32 vector with a layout.</summary>
public sealed unsafe class ParameterSet : IDisposable
{
    private readonly AlignedBuffer<float> _values;

    /// <summary>All zeros.</summary>
    public ParameterSet(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Layout = layout;
        _values = new AlignedBuffer<float>(layout.Length);
    }

    /// <summary>Where each tensor lies.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>All values, in the layout's order.</summary>
    public Span<float> Values => _values.Span;

    /// <summary>The values of one tensor.</summary>
    public Span<float> this[ParameterTensor tensor] => _values.Slice(tensor.Offset, tensor.Length);

    /// <summary>A tensor whose leading dimensions are taken together as rows: [.., columns].</summary>
    public MatrixView Matrix(ParameterTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        int columns = tensor.Shape[^1];
        return new MatrixView(_values.Pointer + tensor.Offset, columns == 0 ? 0 : tensor.Length / columns, columns);
    }

    /// <summary>Slice <paramref name="index"/> of a rank-3 tensor: [rows, columns].</summary>
    public MatrixView Slice(ParameterTensor tensor, int index)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        (int rows, int columns) = (tensor.Shape[1], tensor.Shape[2]);
        return new MatrixView(_values.Pointer + tensor.Offset + ((long)index * rows * columns), rows, columns);
    }

    /// <summary>Row <paramref name="index"/> of a rank-2 tensor, such as one head's bias.</summary>
    public Span<float> Row(ParameterTensor tensor, int index)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return _values.Slice(tensor.Offset + ((long)index * tensor.Shape[1]), tensor.Shape[1]);
    }

    /// <summary>Copies all values from another set with the same layout.</summary>
    public void CopyFrom(ParameterSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        other.Values.CopyTo(Values);
    }

    /// <summary>An independent copy.</summary>
    public ParameterSet Clone()
    {
        ParameterSet copy = new(Layout);
        copy.CopyFrom(this);
        return copy;
    }

    /// <inheritdoc/>
    public void Dispose() => _values.Dispose();
}
