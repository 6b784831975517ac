using System.Text.Json.Nodes;
using Curie.Networks.Archives.Pickles;
using Curie.Numerics;

namespace Curie.Networks.Archives;

/// <summary>
/// An archive as it is handed out: under the path that the user wrote, with the configuration that lies beside it where it holds none
/// itself, and with names without the prefix that torch.compile (<c>_orig_mod.</c>), DataParallel (<c>module.</c>) and the modules of
/// Lightning (<c>model.</c>) put before all.
/// </summary>
internal sealed class OpenedArchive : ITensorArchive
{
    private const string LightningPrefix = "model.";
    private static readonly string[] Prefixes = ["_orig_mod.", "module.", LightningPrefix];

    // Of the networks of Hugging Face's transformers that say model. themselves.
    private static readonly string[] OwnEmbeddings = ["model.embed_tokens.weight", "model.decoder.embed_tokens.weight"];
    private readonly ITensorArchive _inner;
    private readonly IEnumerable<ConfigurationFile> _beside;

    /// <summary>Dresses an archive, which is this one's from here on.</summary>
    /// <param name="path">What the user wrote.</param>
    /// <param name="inner">The archive.</param>
    /// <param name="beside">The configurations beside it; read only where the archive holds none.</param>
    /// <exception cref="InputException">The configuration beside it is damaged.</exception>
    public OpenedArchive(string path, ITensorArchive inner, IEnumerable<ConfigurationFile> beside)
    {
        Path = path;
        _inner = inner;
        _beside = beside;
        Use(Configurations.FirstOrDefault());
        int length = PrefixLength(inner.Tensors);
        Tensors =
            length == 0
                ? inner.Tensors
                : inner.Tensors.Values.ToDictionary(
                    tensor => tensor.Name[length..],
                    ArchivedTensor (tensor) => new RenamedTensor(tensor, tensor.Name[length..])
                );
    }

    /// <inheritdoc/>
    public string Format => _inner.Format;

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, ArchivedTensor> Tensors { get; }

    /// <inheritdoc/>
    public JsonObject? Configuration => Used?.Json;

    /// <inheritdoc/>
    public string ConfigurationSource => Used?.Path ?? _inner.Path;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => Used is null or { Key: not null } ? _inner.Files : [.. _inner.Files, Used.Path];

    /// <summary>
    /// All that may say what the network is, each made when it is asked for: what the file itself holds, then what lies beside.
    /// </summary>
    /// <exception cref="InputException">One of them is damaged.</exception>
    public IEnumerable<ConfigurationFile> Configurations =>
        _inner is TorchArchive torch
            ? torch.Configurations.Concat(_beside)
            : (_inner.Configuration is { } own ? [new ConfigurationFile(_inner.Path, own) { Key = string.Empty }] : _beside);

    /// <summary>The one that is taken; null where there is none.</summary>
    public ConfigurationFile? Used { get; private set; }

    /// <summary>Takes one of <see cref="Configurations"/>.</summary>
    public void Use(ConfigurationFile? configuration) => Used = configuration;

    /// <inheritdoc/>
    public void Dispose() => _inner.Dispose();

    // Prefixes that all names share, one after the other; those after the first of a name are few, as every name pays for each.
    private static int PrefixLength(IReadOnlyDictionary<string, ArchivedTensor> tensors)
    {
        if (tensors.Count == 0)
        {
            return 0;
        }

        string before = string.Empty;
        while (Array.Find(Prefixes, prefix => IsShared(tensors, before, prefix)) is string shared)
        {
            before += shared;
        }

        return before.Length;
    }

    private static bool IsShared(IReadOnlyDictionary<string, ArchivedTensor> tensors, string before, string prefix) =>
        tensors.Keys.All(name => name.AsSpan(before.Length).StartsWith(prefix, StringComparison.Ordinal))
        && !(prefix == LightningPrefix && Array.Exists(OwnEmbeddings, name => tensors.ContainsKey(before + name)));
}
