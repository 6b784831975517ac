using System.Text.Json;
using Curie.Numerics.Files;

namespace Curie.Cli.Tests.Commands;

/// <summary>Scores of a tiny model beside a tiny run.</summary>
public sealed class ScoresCommandTests
{
    [Fact]
    public void Every_head_is_measured_on_every_token_and_the_result_is_kept_in_the_run()
    {
        using ExperimentFolder experiment = new("3-attention-shortformer");
        string run = experiment.PathOf("run");
        CommandRun.Of("susceptibility", "--config", experiment.Config, "--out", run).AssertDone();
        string tables = experiment.PathOf("tables");
        CommandRun.Of("scores", run, "--samples", "20", "--threads", "2", "--csv", tables).AssertDone();
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "scores.json")));
        int heads = json.RootElement.GetProperty("heads").GetArrayLength();
        JsonElement bigrams = json.RootElement.GetProperty("bigrams");
        double floor = bigrams.GetProperty("floor").GetProperty("mean").GetDouble();

        // A cross-entropy is never below the entropy.
        Assert.True(floor >= 0 && bigrams.GetProperty("cross_entropy").GetProperty("mean").GetDouble() >= floor);
        using NpzReader arrays = NpzFile.Open(Path.Combine(run, "effects.npz"));
        using NpzReader responses = NpzFile.Open(Path.Combine(run, "susceptibility.npz"));
        Assert.Equal([heads, responses.ReadHeader("chi").Shape[1]], arrays.ReadHeader("mean_ablation").Shape);
        Assert.StartsWith("component,measure,pattern,tokens,correlation,standard_error\n", File.ReadAllText(Path.Combine(tables, "correlations.csv")), StringComparison.Ordinal);
        Assert.Contains("zero_ablation,probe,", File.ReadAllText(Path.Combine(tables, "effects.csv")), StringComparison.Ordinal);

        string first = File.ReadAllText(Path.Combine(run, "scores.json"));
        CommandRun.Of("scores", run, "--samples", "20", "--threads", "1").AssertDone();
        Assert.Equal(first, File.ReadAllText(Path.Combine(run, "scores.json")));
        CommandRun.Of("scores", run, "--samples", "1").AssertRefused(2, "--samples must be 2 or more");
        CommandRun.Of("scores", run, "--model", experiment.PathOf("nowhere")).AssertRefused(1, "nowhere");
    }
}
