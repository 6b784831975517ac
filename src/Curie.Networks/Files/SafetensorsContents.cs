using Curie.Numerics;
using Curie.Numerics.Memory;

namespace Curie.Networks.Files;

/// <summary>Everything in a safetensors file, read at once into native memory.</summary>
public sealed class SafetensorsContents : IDisposable
{
    private readonly string _path;
    private readonly AlignedBuffer<byte> _data;

    internal SafetensorsContents(string path, SafetensorsHeader header, AlignedBuffer<byte> data)
    {
        _path = path;
        _data = data;
        Metadata = header.Metadata;
        Tensors = header.Entries.ToDictionary(entry => entry.Name, entry => new SafetensorsTensor(data, entry, path));
    }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors { get; }

    /// <summary>The header's <c>__metadata__</c>; empty when there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensor of this name, which must have this shape.</summary>
    /// <exception cref="InputException">There is no such tensor, or its shape differs.</exception>
    public SafetensorsTensor Require(string name, params ReadOnlySpan<int> shape)
    {
        if (!Tensors.TryGetValue(name, out SafetensorsTensor? tensor))
        {
            throw new InputException($"{_path} holds no tensor {name}; check that it belongs to the architecture in config.json.");
        }

        bool same = tensor.Shape.Count == shape.Length;
        for (int i = 0; same && i < shape.Length; i++)
        {
            same = tensor.Shape[i] == shape[i];
        }

        if (!same)
        {
            throw new InputException(
                $"{_path} holds {name} with shape [{string.Join(", ", tensor.Shape)}] where [{string.Join(", ", shape.ToArray())}] is "
                    + "needed; check that it belongs to the architecture in config.json."
            );
        }

        return tensor;
    }

    /// <inheritdoc/>
    public void Dispose() => _data.Dispose();
}
