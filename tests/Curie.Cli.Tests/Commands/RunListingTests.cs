using System.Text.Json.Nodes;

namespace Curie.Cli.Tests.Commands;

/// <summary><c>curie structure</c> on a folder of runs.</summary>
public sealed class RunListingTests : IDisposable
{
    private readonly ExperimentFolder _experiment = new ExperimentFolder("2-gelu-standard").With(("[full, l0h1, l1h4]", "[l0h1, l1h4]"));

    public void Dispose() => _experiment.Dispose();

    [Fact]
    public void A_folder_of_runs_is_listed_a_line_each_and_one_run_is_not()
    {
        string runs = _experiment.PathOf("runs");
        foreach (string name in (string[])["second", "first"])
        {
            CommandRun
                .Of("susceptibility", "--config", _experiment.Config, "--out", Path.Combine(runs, name), "--threads", "1")
                .AssertDone();
        }

        string[] lines = CommandRun.Of("structure", runs).AssertDone().Output.TrimEnd().Split('\n');
        Assert.Equal($"{runs} holds 2 runs:", lines[0]);
        Assert.StartsWith("  first: 2 components, ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("  second: 2 components, ", lines[2], StringComparison.Ordinal);
        Assert.All(lines[1..], line => Assert.InRange(line.Length, 20, 100 + runs.Length));

        JsonArray listed = JsonNode.Parse(CommandRun.Of("structure", runs, "--json").AssertDone().Output)!["runs"]!.AsArray();
        Assert.Equal(["first", "second"], listed.Select(run => (string)run!["run"]!));
        Assert.All(listed, run =>
        {
            Assert.True((bool)run!["complete"]!);
            Assert.Equal(2, (int)run["components"]!);
            Assert.NotEmpty(run["probes"]!.AsArray());
            Assert.NotEmpty((string)run["title"]!);
        });
        JsonNode one = JsonNode.Parse(CommandRun.Of("structure", Path.Combine(runs, "first"), "--json").AssertDone().Output)!;
        Assert.NotNull(one["groups"]);
    }
}
