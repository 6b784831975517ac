using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Numerics.Files;
using Curie.Response.Runs;

namespace Curie.Development.Scores;

/// <summary>The scores of several checkpoints, one to a line.</summary>
/// <param name="Configuration">How they were made.</param>
/// <param name="Checkpoints">The checkpoints, in ascending order of steps, each with its scores.</param>
public sealed record ScoreTable(
    JsonObject Configuration,
    IReadOnlyList<(Checkpoint Checkpoint, IReadOnlyList<ModelScore> Scores)> Checkpoints
)
{
    /// <summary>The table's file name.</summary>
    public const string CsvName = "scores.csv";

    /// <summary>The name of the file with the table and its configuration.</summary>
    public const string JsonName = "scores.json";

    /// <summary>The first line of the table.</summary>
    public const string Header = "checkpoint,step,component,score,value,se";

    /// <summary>Writes both files; each appears whole or not at all.</summary>
    /// <exception cref="Numerics.InputException">A file cannot be written.</exception>
    public void Save(string folder)
    {
        StringBuilder csv = new(Header + "\n");
        foreach ((Checkpoint checkpoint, IReadOnlyList<ModelScore> scores) in Checkpoints)
        {
            foreach (ModelScore score in scores)
            {
                csv.Append(
                    CultureInfo.InvariantCulture,
                    $"{CsvText.Field(checkpoint.Name)},{checkpoint.Step},{score.Component},{score.Score},"
                        + $"{Number(score.Value)},{Number(score.StandardError)}\n"
                );
            }
        }

        AtomicFile.WriteAllText(Path.Combine(folder, CsvName), csv.ToString());
        RecordJson.WriteFile(Path.Combine(folder, JsonName), ToRecord());
    }

    /// <summary>The table as its file has it.</summary>
    public ScoreTableRecord ToRecord() =>
        new(
            Configuration,
            [
                .. from entry in Checkpoints
                from score in entry.Scores
                select new ScoreRow(
                    entry.Checkpoint.Name,
                    entry.Checkpoint.Step,
                    score.Component,
                    score.Score,
                    score.Value,
                    score.StandardError
                ),
            ]
        );

    private static string Number(double? value) =>
        value is { } number && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "";
}
