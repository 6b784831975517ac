using Curie.Response.Runs;

namespace Curie.Response.Reproducibility;

/// <summary>The file of a <see cref="ReproducibilityRecord"/> in a run folder.</summary>
public static class ReproducibilityFile
{
    /// <summary>The file's name.</summary>
    /// <param name="part">The name of the part.</param>
    public static string Name(string part) => $"reproducibility-{part}.json";

    /// <summary>Writes it.</summary>
    /// <exception cref="Numerics.InputException">The folder cannot be written.</exception>
    public static void Write(string folder, ReproducibilityRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        RecordJson.WriteFile(Path.Combine(folder, Name(record.Part)), record);
    }

    /// <summary>Reads that of a part.</summary>
    /// <exception cref="System.Text.Json.JsonException">The file is damaged.</exception>
    /// <exception cref="Numerics.InputException">The file cannot be read.</exception>
    public static ReproducibilityRecord Read(string folder, string part) =>
        RecordJson.ReadFile<ReproducibilityRecord>(Path.Combine(folder, Name(part)));
}
