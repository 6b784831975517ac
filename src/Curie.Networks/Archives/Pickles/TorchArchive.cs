using System.Text.Json.Nodes;
using Curie.Numerics;

namespace Curie.Networks.Archives.Pickles;

/// <summary>A checkpoint of torch.save.</summary>
internal sealed class TorchArchive : ITensorArchive
{
    private readonly ArchiveFile _file;

    /// <summary>Names the tensors.</summary>
    /// <param name="file">The file; it is the archive's from here on.</param>
    /// <param name="contents">What was found in its pickle.</param>
    /// <param name="bigEndian">Whether numbers have their most significant byte first.</param>
    /// <param name="format">What the file is, in words.</param>
    /// <exception cref="InputException">The numbers of a tensor are not there.</exception>
    public TorchArchive(ArchiveFile file, PickleContents contents, bool bigEndian, string format)
    {
        _file = file;
        Format = format;
        Configurations = contents.Configurations;
        Configuration = Configurations.FirstOrDefault()?.Json;
        Tensors = contents.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.ToArchived(pair.Key, file.Path, bigEndian));
    }

    /// <inheritdoc/>
    public string Format { get; }

    /// <inheritdoc/>
    public string Path => _file.Path;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, ArchivedTensor> Tensors { get; }

    /// <inheritdoc/>
    public JsonObject? Configuration { get; }

    /// <summary>All that was saved with the model and may describe it, each made when it is asked for.</summary>
    public IEnumerable<ConfigurationFile> Configurations { get; }

    /// <inheritdoc/>
    public string ConfigurationSource => Path;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => [Path];

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
