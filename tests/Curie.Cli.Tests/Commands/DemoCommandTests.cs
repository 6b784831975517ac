using System.Text.Json.Nodes;
using Curie.Numerics.Files;
using Curie.Page;
using Curie.Studies.Configuration;

namespace Curie.Cli.Tests.Commands;

/// <summary>The whole way once, in the demo's short form.</summary>
public sealed class DemoCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("curie-demo-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_quick_demo_runs_from_text_to_structure_and_says_what_it_is_too_short_for()
    {
        string demo = Path.Combine(_folder, "demo");

        CommandRun run = CommandRun.Of("demo", "--quick", "--json", "--out", demo).AssertDone();

        JsonNode result = JsonNode.Parse(run.Output)!;
        Assert.True(result["quick"]!.GetValue<bool>());
        Assert.False(result["induction_formed"]!.GetValue<bool>());
        foreach ((string probe, JsonNode? losses) in result["losses"]!.AsObject())
        {
            // A uniform guess over 1,024 tokens costs ln 1024 = 6.93 nats. Text is learnt; random blocks cannot be without induction.
            double trained = losses!["trained"]!.GetValue<double>();
            Assert.True(probe == "repeats" ? trained > 6 : trained < 5.5, $"{probe}: {trained}");
            Assert.True(losses["trained_se"]!.GetValue<double>() > 0);
        }

        Assert.Equal(16, result["prefix_matching"]!.AsObject().Count);
        using NpzReader arrays = NpzFile.Open(Path.Combine(demo, "susceptibility", "susceptibility.npz"));
        Assert.Equal([16L, 5 * 4 * 127], arrays.ReadHeader("chi").Shape);
        Assert.All(arrays.Read<float>("chi_se").ToArray(), error => Assert.True(error > 0 && float.IsFinite(error)));

        // What it wrote is what a user can run again.
        Assert.Equal(400, TrainingConfiguration.Load(Path.Combine(demo, "train.yaml")).Options.Steps);
        Assert.Equal(5, ExperimentConfiguration.Load(Path.Combine(demo, "experiment.yaml")).Probes.Count);
        Assert.Equal(ReportPage.IsAvailable, File.Exists(Path.Combine(demo, "report.html")));
        CommandRun.Of("structure", Path.Combine(demo, "susceptibility"), "--json").AssertDone();

        CommandRun.Of("demo", "--quick", "--out", demo).AssertRefused(1, "holds a run already");
        JsonNode again = JsonNode.Parse(CommandRun.Of("demo", "--quick", "--json", "--out", demo, "--resume").AssertDone().Output)!;
        Assert.True(JsonNode.DeepEquals(result, again));

        // And the example goes on from it.
        string further = ExampleScript.Run("demo/run", [demo], ("EARLY", "67"), ("PAIRS", "2"));
        Assert.Contains("l1h1", further, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(demo, "scan-checkpoint-400", "susceptibility.npz")));
    }
}
