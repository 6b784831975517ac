using System.Text.Json.Nodes;
using Curie.Networks.Files;
using Curie.Numerics;

namespace Curie.Networks.Archives;

/// <summary>
/// A model in several files of one folder, whose index says which tensor is in which: <c>{"weight_map": {"wte.weight": "model-00001-of-
/// 00002.safetensors", …}}</c>.
/// </summary>
internal sealed class ShardedArchive : ITensorArchive
{
    private readonly Dictionary<string, ITensorArchive> _shards = [];

    /// <summary>Reads the index and the headers of all shards.</summary>
    /// <exception cref="InputException">
    /// The index is not the JSON of one, a shard is missing, outside of the folder, damaged or lacks a tensor.
    /// </exception>
    public ShardedArchive(string path, JsonObject index)
    {
        Path = path;
        if (index["weight_map"] is not JsonObject { Count: > 0 } map)
        {
            throw new InputException(
                $"{path} is JSON and no index of a model in several files, which names the file of each tensor under weight_map; name the "
                    + "model's folder or its weights."
            );
        }

        Dictionary<string, ArchivedTensor> tensors = [];
        try
        {
            foreach ((string name, JsonNode? file) in map)
            {
                tensors.Add(name, Find(name, file));
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        Tensors = tensors;
    }

    /// <inheritdoc/>
    public string Format =>
        Counted.Of(_shards.Count, "file") + " of " + string.Join(" and ", _shards.Values.Select(shard => shard.Format).Distinct());

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, ArchivedTensor> Tensors { get; }

    /// <inheritdoc/>
    public JsonObject? Configuration => null;

    /// <inheritdoc/>
    public string ConfigurationSource => Path;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => [Path, .. _shards.Values.SelectMany(shard => shard.Files)];

    /// <summary>Opens an index.</summary>
    /// <exception cref="InputException">It is not the JSON of one, or a shard cannot be used.</exception>
    public static ShardedArchive Open(ArchiveFile file)
    {
        using (file)
        {
            return new ShardedArchive(file.Path, ArchiveJson.Read(file) ?? []);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ITensorArchive shard in _shards.Values)
        {
            shard.Dispose();
        }
    }

    private ArchivedTensor Find(string name, JsonNode? value)
    {
        if (value is not JsonValue text || !text.TryGetValue(out string? file))
        {
            throw new InputException($"{Path} gives no file for {PrintableText.Of(name)}; write or copy the index again.");
        }

        if (!_shards.TryGetValue(file, out ITensorArchive? shard))
        {
            shard = OpenShard(name, file);
            _shards.Add(file, shard);
        }

        return shard.Tensors.TryGetValue(name, out ArchivedTensor? tensor)
            ? tensor
            : throw new InputException(
                $"{Path} says that {PrintableText.Of(name)} is in {PrintableText.Of(file)}, which does not hold it; copy the index and its "
                    + "files again, from one place."
            );
    }

    private ITensorArchive OpenShard(string name, string file)
    {
        // A name alone, on every system: nothing that leads out of the folder.
        if (file is "" or "." or ".." || file.AsSpan().IndexOfAny("/\\:") >= 0 || PrintableText.Of(file) != file)
        {
            throw new InputException(
                $"{Path} places {PrintableText.Of(name)} in \"{PrintableText.Of(file)}\", which is no file of its own folder; put the "
                    + "files beside the index and name them alone."
            );
        }

        string place = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path) ?? string.Empty, file);
        return File.Exists(place)
            ? ArchiveFormat.OpenTensors(place)
            : throw new InputException($"{Path} places {PrintableText.Of(name)} in {place}, which does not exist; copy that file too.");
    }
}
