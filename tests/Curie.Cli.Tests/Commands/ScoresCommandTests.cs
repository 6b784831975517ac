using System.Text.Json;
using Curie.Numerics.Files;

namespace Curie.Cli.Tests.Commands;

/// <summary>Scores of a tiny model beside a tiny run.</summary>
public sealed class ScoresCommandTests
{
    [Fact]
    public void Checkpoints_are_scored_into_one_table()
    {
        using ExperimentFolder experiment = new("3-attention-shortformer");
        foreach (string name in new[] { "run/checkpoint-5", "run/checkpoint-30" })
        {
            Directory.CreateDirectory(experiment.PathOf(name));
            Array.ForEach(Directory.GetFiles(experiment.PathOf("model")), file =>
                File.Copy(file, Path.Combine(experiment.PathOf(name), Path.GetFileName(file)))
            );
        }

        string[] arguments = ["scores", experiment.PathOf("run"), "--data", experiment.PathOf("pile.npy"), "--samples", "20"];
        string folder = experiment.PathOf("scores");
        CommandRun.Of([.. arguments, "--out", folder]).AssertDone();
        string[] lines = File.ReadAllLines(Path.Combine(folder, "scores.csv"));
        Assert.Equal("checkpoint,step,component,score,value,se", lines[0]);
        string[][] fields = [.. lines.Skip(1).Select(line => line.Split(','))];
        Assert.Equal(["5", "30"], fields.Select(line => line[1]).Distinct());
        string[] expected =
        [
            "loss",
            "loss_at_7",
            "loss_without_positions",
            "in_context_learning",
            "bigram",
            "ngram_2",
            "zero_ablation",
            "mean_ablation",
            "k_composition",
            "q_composition",
            "v_composition",
            "weight_norm",
        ];
        Assert.Empty(expected.Except(fields.Select(line => line[3])));

        // Both checkpoints are the same model, scored on the same samples.
        Assert.Equal(
            fields.Where(line => line[1] == "5").Select(line => string.Join(',', line[2..])),
            fields.Where(line => line[1] == "30").Select(line => string.Join(',', line[2..]))
        );
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "scores.json")));
        Assert.Equal(fields.Length, json.RootElement.GetProperty("rows").GetArrayLength());

        CommandRun.Of([.. arguments, "--out", folder]).AssertRefused(1, "--overwrite");
        CommandRun.Of(arguments).AssertRefused(1, "give --out DIR");
        CommandRun.Of("scores", experiment.PathOf("run")).AssertRefused(1, "give --data ROWS.npy");
    }

    [Fact]
    public void Every_head_is_measured_on_every_token_and_the_result_is_kept_in_the_run()
    {
        using ExperimentFolder experiment = new("3-attention-shortformer");
        string run = experiment.PathOf("run");
        CommandRun.Of("susceptibility", "--config", experiment.Config, "--out", run).AssertDone();
        string tables = experiment.PathOf("tables");
        CommandRun.Of("scores", run, "--samples", "20", "--threads", "2", "--paths", "--csv", tables).AssertDone();
        string[] paths = File.ReadAllLines(Path.Combine(tables, "paths.csv"));
        Assert.Equal("sender,receiver,over,name,tokens,mean,standard_error", paths[0]);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "scores.json")));
        int heads = json.RootElement.GetProperty("heads").GetArrayLength();
        Assert.Equal(paths.Length - 1, json.RootElement.GetProperty("paths").GetArrayLength());
        JsonElement bigrams = json.RootElement.GetProperty("bigrams");
        double floor = bigrams.GetProperty("floor").GetProperty("mean").GetDouble();

        // A cross-entropy is never below the entropy.
        Assert.True(floor >= 0 && bigrams.GetProperty("cross_entropy").GetProperty("mean").GetDouble() >= floor);
        using NpzReader arrays = NpzFile.Open(Path.Combine(run, "effects.npz"));
        using NpzReader responses = NpzFile.Open(Path.Combine(run, "susceptibility.npz"));
        Assert.Equal([heads, responses.ReadHeader("chi").Shape[1]], arrays.ReadHeader("mean_ablation").Shape);
        Assert.StartsWith(
            "component,measure,pattern,tokens,correlation,standard_error\n",
            File.ReadAllText(Path.Combine(tables, "correlations.csv")),
            StringComparison.Ordinal
        );
        Assert.Contains("zero_ablation,probe,", File.ReadAllText(Path.Combine(tables, "effects.csv")), StringComparison.Ordinal);

        Assert.StartsWith(
            "measure,pattern,heads,correlation,p,q\n",
            File.ReadAllText(Path.Combine(tables, "head-correlations.csv")),
            StringComparison.Ordinal
        );

        string first = File.ReadAllText(Path.Combine(run, "scores.json"));
        CommandRun.Of("scores", run, "--samples", "20", "--threads", "1", "--paths").AssertDone();
        Assert.Equal(first, File.ReadAllText(Path.Combine(run, "scores.json")));
        CommandRun.Of("scores", run, "--samples", "1").AssertRefused(2, "--samples must be 2 or more");
        CommandRun.Of("scores", run, "--model", experiment.PathOf("nowhere")).AssertRefused(1, "nowhere");
    }
}
