using System.Numerics;
using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Response.Runs;

/// <summary>One named array of a run: how it is described in the manifest, written and read.</summary>
internal abstract class RunArray(string name, string[] axes, string meaning, RunShape shape)
{
    public string Name { get; } = name;

    protected long[] Shape { get; } = [.. axes.Select(axis => Length(axis, shape))];

    protected abstract NpyElement Element { get; }

    public ArrayEntry Describe() => new(Shape, Element.NumpyName(), axes, meaning);

    public abstract void Write(NpzWriter writer);

    /// <exception cref="InputException">The file holds no such array, or one of another type or shape.</exception>
    public abstract void Read(NpzReader reader, string path);

    protected static string Text(IReadOnlyList<long> shape) => $"({string.Join(", ", shape)})";

    private static long Length(string axis, RunShape shape) =>
        axis switch
        {
            "components" => shape.Components,
            "runs" => shape.Runs,
            "tokens" => shape.Tokens,
            "probes" => shape.Probes,
            "chains" => shape.Chains,
            "pairs" => shape.Units,
            "draws" => shape.Draws,
            "batches" => shape.Batches,
            "sampled" => shape.SampledTokens,
            _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, null),
        };
}

/// <summary>An array whose elements are kept in managed memory.</summary>
/// <param name="name">Its name in the file.</param>
/// <param name="axes">The names of its axes.</param>
/// <param name="meaning">What it holds, for the manifest.</param>
/// <param name="data">The elements.</param>
/// <param name="shape">The sizes of the axes.</param>
/// <param name="negative">Whether the file holds the elements with the other sign.</param>
internal sealed class RunArray<T>(string name, string[] axes, string meaning, T[] data, RunShape shape, bool negative = false)
    : RunArray(name, axes, meaning, shape)
    where T : unmanaged, INumberBase<T>
{
    protected override NpyElement Element => NpyElements.Of<T>();

    public override void Write(NpzWriter writer) => writer.Add<T>(Name, negative ? Array.ConvertAll(data, value => -value) : data, Shape);

    public override void Read(NpzReader reader, string path)
    {
        NpyHeader header = reader.ReadHeader(Name);
        if (header.Element != Element || !header.Shape.SequenceEqual(Shape))
        {
            throw new InputException(
                $"{Name} in {path} is {header.Element.NumpyName()} {Text(header.Shape)} where the manifest asks for "
                    + $"{Element.NumpyName()} {Text(Shape)}; restore the folder's own files or run the experiment again."
            );
        }

        using NpyArray<T> array = reader.Read<T>(Name);
        array.Span.CopyTo(data);
        for (int i = 0; negative && i < data.Length; i++)
        {
            data[i] = -data[i];
        }
    }
}
