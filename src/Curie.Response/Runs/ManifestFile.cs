using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Response.Runs;

/// <summary>Reads and writes `manifest.json`: names in snake_case, enumerations as words, indented by two.</summary>
internal static class ManifestFile
{
    public const string Name = "manifest.json";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        WriteIndented = true,
    };

    public static void Write(string path, RunManifest manifest) =>
        AtomicFile.WriteAllText(path, JsonSerializer.Serialize(manifest, Options) + "\n");

    /// <exception cref="InputException">The file is not a manifest of a susceptibility run that this version can read.</exception>
    public static RunManifest Read(string path)
    {
        RunManifest manifest;
        try
        {
            byte[] json = WholeJson.Read(path);
            RequireFormat(path, json);
            manifest = JsonSerializer.Deserialize<RunManifest>(json, Options) ?? throw new JsonException("it is null");
        }
        catch (JsonException error)
        {
            string where = error.LineNumber is { } line ? $" near line {line + 1}" : "";
            throw new InputException($"{path} is damaged{where}; restore it, or run the experiment again.", error);
        }

        Validate(path, manifest);
        return manifest;
    }

    private static void RequireFormat(string path, byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        if (
            document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("format", out JsonElement format)
            || format.ValueKind != JsonValueKind.String
            || format.GetString() != RunManifest.CurrentFormat
        )
        {
            throw new InputException(
                $"{path} does not belong to a susceptibility run; name a folder that `SusceptibilityExperiment` wrote."
            );
        }

        if (
            document.RootElement.TryGetProperty("format_version", out JsonElement version)
            && version.ValueKind == JsonValueKind.Number
            && version.TryGetInt32(out int number)
            && number > RunManifest.CurrentFormatVersion
        )
        {
            throw new InputException(
                $"{path} has format version {number} and this version of Curie reads up to {RunManifest.CurrentFormatVersion}; use a "
                    + "newer Curie."
            );
        }
    }

    private static void Validate(string path, RunManifest manifest)
    {
        if (manifest.Parts is { } parts && (parts.Count == 0 || manifest.HeldParts.Count != parts.Distinct().Count()))
        {
            throw new InputException(
                $"{path} names the parts \"{string.Join(", ", parts)}\", which are not parts of a response; restore it, or run the "
                    + "experiment again."
            );
        }

        RunShape shape = manifest.Shape;
        if (
            new[] { shape.Components, shape.Probes, shape.Tokens, shape.Chains, shape.Draws, shape.Batches, shape.SampledTokens }.Min() < 0
            || shape.Components != manifest.Components.Count
            || shape.Probes != manifest.ProbeNames.Count
            || manifest.Components.Distinct().Count() != manifest.Components.Count
            || manifest.ProbeNames.Distinct().Count() != manifest.ProbeNames.Count
            || Math.Max((long)shape.Components * shape.Tokens, (long)shape.Components * shape.Probes) > Array.MaxLength
            || shape.Units < 1
            || shape.Units > Math.Max(shape.Chains, 1)
            || (shape.Units > 0 && shape.Chains % shape.Units != 0)
            || shape.Batches > shape.Draws
            || shape.SampledTokens > shape.Tokens
            || (double)shape.Runs * shape.Chains * shape.Draws > Array.MaxLength
            || (double)shape.Runs * shape.Chains * shape.Batches * Math.Max(shape.SampledTokens, shape.Probes) > Array.MaxLength
        )
        {
            throw new InputException(
                $"{path} contradicts itself: its shape does not fit its {Counted.Of(manifest.Components.Count, "component")} and "
                    + $"{Counted.Of(manifest.ProbeNames.Count, "probe")}, or one of these is named twice; restore it, or "
                    + "run the experiment again."
            );
        }
    }
}
