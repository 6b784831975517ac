using System.Text.Json.Nodes;
using Curie.Numerics;

namespace Curie.Networks.Archives;

/// <summary>
/// An archive as it is handed out: under the path that the user wrote, with the configuration that lies beside it where it holds none
/// itself, and with names without the prefix that torch.compile (<c>_orig_mod.</c>) and DataParallel (<c>module.</c>) put before all.
/// </summary>
internal sealed class OpenedArchive : ITensorArchive
{
    private static readonly string[] Prefixes = ["_orig_mod.", "module."];
    private readonly ITensorArchive _inner;

    /// <summary>Dresses an archive, which is this one's from here on.</summary>
    /// <param name="path">What the user wrote.</param>
    /// <param name="inner">The archive.</param>
    /// <param name="beside">Reads the configuration beside it; asked only where the archive holds none.</param>
    /// <exception cref="InputException">The configuration beside it is damaged.</exception>
    public OpenedArchive(string path, ITensorArchive inner, Func<ConfigurationFile?> beside)
    {
        Path = path;
        _inner = inner;
        ConfigurationFile? found = inner.Configuration is null ? beside() : null;
        Configuration = inner.Configuration ?? found?.Json;
        ConfigurationSource = found?.Path ?? inner.Path;
        Files = found is null ? inner.Files : [.. inner.Files, found.Path];
        int length = PrefixLength(inner.Tensors.Keys);
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
    public JsonObject? Configuration { get; }

    /// <inheritdoc/>
    public string ConfigurationSource { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Files { get; }

    /// <inheritdoc/>
    public void Dispose() => _inner.Dispose();

    // Prefixes that all names share, one after the other; those after the first of a name are few, as every name pays for each.
    private static int PrefixLength(IEnumerable<string> names)
    {
        if (!names.Any())
        {
            return 0;
        }

        int length = 0;
        while (
            Array.Find(Prefixes, prefix => names.All(name => name.AsSpan(length).StartsWith(prefix, StringComparison.Ordinal)))
                is string shared
        )
        {
            length += shared.Length;
        }

        return length;
    }
}
