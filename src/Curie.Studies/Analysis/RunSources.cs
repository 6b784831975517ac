using System.Text.Json;
using Curie.Numerics;
using Curie.Response.Runs;
using Curie.Studies.Configuration;

namespace Curie.Studies.Analysis;

/// <summary>
/// What a run was made of, as far as its manifest's configuration tells: runs of chains, scans and controls have different ones, and a run
/// that another program wrote may have none.
/// </summary>
/// <param name="Model">The model folder; null where none is named.</param>
/// <param name="Data">The token rows of the sampling; null where none are named.</param>
/// <param name="NBeta">nβ; 0 where it has none.</param>
/// <param name="Probes">The token rows of every probe that names some.</param>
public sealed record RunSources(string? Model, string? Data, double NBeta, IReadOnlyDictionary<string, string> Probes)
{
    /// <summary>The most bytes of attention patterns that are kept beside the run. Default 16 MB.</summary>
    public long AttentionBytes { get; init; } = AttentionKey.Bytes(AttentionKey.DefaultMegabytes);

    /// <summary>Reads a manifest's configuration.</summary>
    public static RunSources Of(RunManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        JsonElement? configuration = manifest.Configuration;
        JsonElement? sampling = Key(configuration, "sampling");
        Dictionary<string, string> probes = [];
        if (Key(configuration, "probes") is { ValueKind: JsonValueKind.Array } list)
        {
            foreach (JsonElement probe in list.EnumerateArray())
            {
                if (Text(probe, "name") is { } name && Text(probe, "data") is { } data)
                {
                    probes.TryAdd(name, data);
                }
            }
        }

        return new RunSources(
            Text(configuration, "model"),
            Text(sampling, "data"),
            Key(sampling, "nbeta") is { ValueKind: JsonValueKind.Number } nbeta ? nbeta.GetDouble() : 0,
            probes
        )
        {
            AttentionBytes = AttentionKey.Bytes(
                Key(configuration, AttentionKey.Name) is { ValueKind: JsonValueKind.Number } megabytes
                    ? megabytes.GetDouble()
                    : AttentionKey.DefaultMegabytes
            ),
        };
    }

    /// <summary>The model folder.</summary>
    /// <exception cref="InputException">None is named.</exception>
    public string RequireModel() => Model ?? throw Missing("model");

    /// <summary>The token rows of the sampling.</summary>
    /// <exception cref="InputException">None are named.</exception>
    public string RequireData() => Data ?? throw Missing("data");

    /// <summary>The token rows of a probe.</summary>
    /// <exception cref="InputException">None are named.</exception>
    public string RequireProbe(string name) => Probes.GetValueOrDefault(name) ?? throw Missing("data");

    private static InputException Missing(string key) =>
        new($"the run's manifest does not name its {key}; run the experiment again with this version.");

    private static JsonElement? Key(JsonElement? element, string key) =>
        element is { ValueKind: JsonValueKind.Object } section && section.TryGetProperty(key, out JsonElement value) ? value : null;

    private static string? Text(JsonElement? element, string key) =>
        Key(element, key) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
}
