using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Cli.Output;
using Curie.Cluster.Status;
using Curie.Numerics;

namespace Curie.Cli.Reports;

/// <summary>How the shards of a study stand.</summary>
/// <param name="path">The study's folder.</param>
/// <param name="status">How they stand.</param>
/// <param name="all">Whether shards that are done are listed too.</param>
internal sealed class ShardStatusView(string path, StudyStatus status, bool all)
{
    private static readonly string[] Headers = ["shard", "is", "done", "attempts", "node", "took", "left", ""];

    /// <summary>A sentence, then a table of the shards that are not done.</summary>
    public string Text
    {
        get
        {
            List<string> lines = [Summary()];
            ShardStatus[] shown = [.. status.Shards.Where(shard => all || shard.Condition != WorkCondition.Done)];
            if (shown.Length > 0)
            {
                lines.Add(TextTable.Render(Headers, shown.Select(Row)));
            }

            lines.Add($"merge: {Word(status.Merge.Condition)}{(status.Merge.Words.Length > 0 ? $", {status.Merge.Words}" : "")}");
            lines.AddRange(status.Notes);
            return string.Join('\n', lines);
        }
    }

    /// <summary>The same for scripts.</summary>
    public JsonObject Json =>
        new()
        {
            ["run"] = path,
            ["shards"] = new JsonArray([
                .. status.Shards.Select(shard => new JsonObject
                {
                    ["shard"] = shard.Index,
                    ["condition"] = Word(shard.Condition),
                    ["fraction"] = shard.Fraction,
                    ["attempts"] = shard.Attempts,
                    ["node"] = shard.Node,
                    ["seconds"] = shard.Elapsed.TotalSeconds,
                    ["seconds_left"] = shard.Left.TotalSeconds,
                    ["words"] = shard.Words,
                }),
            ]),
            ["merge"] = new JsonObject { ["condition"] = Word(status.Merge.Condition), ["words"] = status.Merge.Words },
            ["seconds_left"] = status.Left?.TotalSeconds,
            ["notes"] = new JsonArray([.. status.Notes.Select(note => (JsonNode)note)]),
        };

    private string Summary()
    {
        string counts = string.Join(
            ", ",
            Enum.GetValues<WorkCondition>()
                .Where(condition => status.Count(condition) > 0)
                .Select(condition => $"{status.Count(condition)} {Word(condition)}")
        );
        string left =
            status.Count(WorkCondition.Done) == status.Shards.Count ? ""
            : status.Left is { } time && time > TimeSpan.Zero ? $"; about {WorkTime.Words(time)} left if as many go on at a time as now"
            : "";
        return $"{path}: of {Counted.Of(status.Shards.Count, "shard")} {counts}{left}.";
    }

    private static string[] Row(ShardStatus shard) =>
        [
            shard.Index.ToString(CultureInfo.InvariantCulture),
            Word(shard.Condition),
            string.Create(CultureInfo.InvariantCulture, $"{100 * shard.Fraction:0} %"),
            shard.Attempts.ToString(CultureInfo.InvariantCulture),
            shard.Node ?? "-",
            shard.Elapsed > TimeSpan.Zero ? WorkTime.Words(shard.Elapsed) : "-",
            shard.Left > TimeSpan.Zero ? WorkTime.Words(shard.Left) : "-",
            shard.Words,
        ];

    private static string Word(WorkCondition condition) =>
        condition switch
        {
            WorkCondition.Done => "done",
            WorkCondition.Running => "running",
            WorkCondition.Waiting => "waiting",
            WorkCondition.Failed => "failed",
            _ => "lost",
        };
}
