using System.Text.Json.Nodes;
using Curie.Networks.Files;
using Curie.Numerics;

namespace Curie.Networks.Archives;

/// <summary>A safetensors file whose tensors are read one at a time.</summary>
internal sealed class SafetensorsArchive : ITensorArchive
{
    private readonly ArchiveFile _file;

    /// <summary>Reads the header.</summary>
    /// <param name="file">The file; it is the archive's from here on.</param>
    /// <exception cref="InputException">The file is cut, or its header lies.</exception>
    public SafetensorsArchive(ArchiveFile file)
    {
        _file = file;
        SafetensorsHeader header = ReadHeader(file);
        long start = file.Stream.Position;
        Tensors = header.Entries.ToDictionary(
            entry => entry.Name,
            ArchivedTensor (entry) =>
                new StoredTensor(
                    entry.Name,
                    entry.Shape,
                    entry.ElementType,
                    new FileRange(file, start + entry.Start, entry.End - entry.Start)
                )
        );
    }

    /// <inheritdoc/>
    public string Format => "safetensors";

    /// <inheritdoc/>
    public string Path => _file.Path;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, ArchivedTensor> Tensors { get; }

    /// <inheritdoc/>
    public JsonObject? Configuration => null;

    /// <inheritdoc/>
    public string ConfigurationSource => Path;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => [Path];

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static SafetensorsHeader ReadHeader(ArchiveFile file)
    {
        try
        {
            file.Stream.Position = 0;
            return SafetensorsFile.ReadHeader(file.Stream, file.Path);
        }
        catch (IOException error)
        {
            throw ArchiveFile.Unreadable(file.Path, error);
        }
    }
}
