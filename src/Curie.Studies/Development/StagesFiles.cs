using System.Globalization;
using System.Text.Json;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Response.Runs;
using Curie.Studies.Development.Records;
using Curie.Studies.Folders;

namespace Curie.Studies.Development;

/// <summary>The files of a <see cref="DevelopmentStudy"/>.</summary>
public static class StagesFiles
{
    /// <summary>The file with everything.</summary>
    public const string JsonName = "stages.json";

    /// <summary>Writes the tables and everything as JSON.</summary>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public static void Store(OutputFolder folder, DevelopmentStudy study)
    {
        ArgumentNullException.ThrowIfNull(folder);
        foreach ((string name, string text) in StagesTables.Of(study))
        {
            AtomicFile.WriteAllText(folder.FilePath(name), text);
        }

        RecordJson.WriteFile(folder.FilePath(JsonName), StagesRecord.Of(study));
    }

    /// <summary>Reads back everything that a folder holds.</summary>
    /// <exception cref="InputException">There is no such file, or it is something else, of a later version, or damaged.</exception>
    public static StagesRecord Read(string folder)
    {
        string path = Path.Combine(folder, JsonName);
        if (!File.Exists(path))
        {
            throw new InputException($"{path} does not exist; name with `stages` the folder that `StagesFiles` wrote.");
        }

        RequireFormat(path);
        try
        {
            StagesRecord record = RecordJson.ReadFile<StagesRecord>(path);
            StagesCheck.Require(path, record);
            return record;
        }
        catch (JsonException error)
        {
            throw StagesCheck.Damaged(path, string.Create(CultureInfo.InvariantCulture, $"line {(error.LineNumber ?? 0) + 1}"));
        }
    }

    private static void RequireFormat(string path)
    {
        Header? header = null;
        try
        {
            header = RecordJson.ReadFile<Header>(path);
        }
        catch (JsonException)
        {
            // Said below.
        }

        if (header?.Format != StagesRecord.CurrentFormat)
        {
            throw new InputException(
                $"{path} is damaged or not a file of curie stages; name with `stages` the folder that `StagesFiles` wrote."
            );
        }

        if (header.FormatVersion > StagesRecord.CurrentFormatVersion)
        {
            throw new InputException($"{path} was written by a later version of Curie; write the report with that version.");
        }
    }

    /// <summary>What every version has.</summary>
    private sealed record Header(string Format, int FormatVersion);
}
