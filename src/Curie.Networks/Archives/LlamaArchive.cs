using System.Text.Json.Nodes;
using Curie.Networks.Files;

namespace Curie.Networks.Archives;

/// <summary>A file of llama2.c, version 0 or 1: float32 weights, whose queries and keys have neighbours as rotary pairs.</summary>
internal sealed class LlamaArchive : ITensorArchive
{
    private readonly ArchiveFile _file;

    /// <summary>Lists the tensors.</summary>
    /// <param name="file">The file; it is the archive's from here on. Its length is what the header asks for.</param>
    /// <param name="header">Its header.</param>
    public LlamaArchive(ArchiveFile file, LlamaHeader header)
    {
        _file = file;
        Format = FormattableString.Invariant($"a .bin of llama2.c, version {header.Version}");
        Dictionary<string, ArchivedTensor> tensors = [];
        long place = header.Bytes;
        foreach (LlamaTensors kind in LlamaTensors.Of(header))
        {
            for (int layer = 0; layer < Math.Max(kind.Copies, 1); layer++)
            {
                long bytes = kind.CountOfOne * sizeof(float);
                if (!kind.IsTable)
                {
                    string name = kind.NameIn(layer);
                    tensors.Add(name, new StoredTensor(name, kind.Shape, SafetensorsType.F32, new FileRange(file, place, bytes)));
                }

                place += bytes;
            }
        }

        Tensors = tensors;

        // The program that reads these files takes these two for granted: 1e-5 in rmsnorm, 10000 in the rotary embedding.
        JsonObject sizes = new()
        {
            ["format"] = "llama2.c",
            ["version"] = header.Version,
            ["dim"] = header.Width,
            ["hidden_dim"] = header.HiddenWidth,
            ["n_layers"] = header.Layers,
            ["n_heads"] = header.Heads,
            ["n_kv_heads"] = header.KeyHeads,
            ["vocab_size"] = header.Vocabulary,
            ["max_seq_len"] = header.Context,
            ["shared_classifier"] = header.IsTied,
            ["norm_eps"] = 1e-5,
            ["rope_theta"] = 10000.0,
            ["rotary"] = "interleaved",
        };

        // Numbers of parsed JSON can be asked for in any type.
        Configuration = (JsonObject)JsonNode.Parse(sizes.ToJsonString())!;
    }

    /// <inheritdoc/>
    public string Format { get; }

    /// <inheritdoc/>
    public string Path => _file.Path;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, ArchivedTensor> Tensors { get; }

    /// <inheritdoc/>
    public JsonObject? Configuration { get; }

    /// <inheritdoc/>
    public string ConfigurationSource => Path;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => [Path];

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
