using System.Globalization;
using System.Text.Json;
using Curie.Networks.Data;
using Curie.Numerics;
using Curie.Response.Runs;
using Curie.Sampling.Networks;

namespace Curie.Studies.Susceptibilities;

/// <summary>What is said of the rows that give P and L0.</summary>
public static class LossRowsWords
{
    /// <summary>Which they are, before their number.</summary>
    public static string Which(RowChoice choice) => choice == RowChoice.First ? "the first" : "random";

    /// <summary>A warning where the rows are no fair sample of their file; null otherwise.</summary>
    /// <param name="check">What was measured; null where nothing was to be.</param>
    /// <param name="file">The file.</param>
    public static string? Warning(LossRowsCheck? check, string file) => Warning(LossRowsRecord.Of(check), file);

    /// <summary>The warning of a finished run, of what its manifest keeps; null where there is none.</summary>
    /// <param name="manifest">The manifest.</param>
    public static string? Warning(RunManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return manifest.LossRows is { Differs: true } rows ? Warning(rows, DataOf(manifest.Configuration)) : null;
    }

    private static string DataOf(JsonElement configuration)
    {
        foreach (string section in (string[])["sampling", "scan"])
        {
            if (
                configuration.TryGetProperty(section, out JsonElement settings)
                && settings.TryGetProperty("data", out JsonElement data)
                && data.GetString() is { Length: > 0 } file
            )
            {
                return file;
            }
        }

        return "the data";
    }

    private static string? Warning(LossRowsRecord? check, string file) =>
        check is { Differs: true }
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"L0 of the first {Counted.Of(check.Rows, "row")} of {file} is {check.First:F3} ± {check.FirstError:F3}, "
                    + $"that of as many random ones {check.Random:F3} ± {check.RandomError:F3}: these rows are no "
                    + $"fair sample of the file; set loss_rows_choice to random, or pack the text again, which shuffles it."
            )
            : null;
}
