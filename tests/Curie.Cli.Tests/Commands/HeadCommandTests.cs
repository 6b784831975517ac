using System.Text.Json.Nodes;

namespace Curie.Cli.Tests.Commands;

/// <summary>What is said of single heads, and of two runs beside each other.</summary>
public sealed class HeadCommandTests : IDisposable
{
    private readonly ExperimentFolder _experiment = new ExperimentFolder("2-gelu-standard").With(("draws: 12", "draws: 20"));

    public void Dispose() => _experiment.Dispose();

    [Fact]
    public void A_card_says_what_is_known_and_names_what_is_missing_without_tokenizer_and_scores()
    {
        string run = Sample("run");
        CommandRun card = CommandRun.Of("head", run, "l1h4").AssertDone();
        Assert.Contains("• l1h4: what it attends to is not known; λ̂ = ", card.Output, StringComparison.Ordinal);
        Assert.Contains("Its place in the modes", card.Output, StringComparison.Ordinal);
        Assert.Contains("What its ablation does was not measured", card.Output, StringComparison.Ordinal);
        Assert.All(card.Output.Split('\n'), line => Assert.True(line.Length <= 100, line));

        JsonNode json = JsonNode.Parse(CommandRun.Of("head", run, "l1h4", "--against", run, "--json").AssertDone().Output)!;
        Assert.Equal("l1h4", (string)json["component"]!);
        Assert.True((double)json["llc"]!["standard_error"]! > 0);
        Assert.Empty(json["scores"]!.AsArray());
        Assert.NotEmpty(json["response"]!.AsArray());
        Assert.Equal(2, json["missing"]!.AsArray().Count);

        CommandRun.Of("head", run, "l7h7").AssertRefused(1, "the run has no component l7h7; it has");
        CommandRun.Of("head", _experiment.PathOf("nowhere"), "l0h1").AssertRefused(1, "does not exist");
    }

    [Fact]
    public void A_run_does_not_differ_from_itself_and_differs_from_one_at_another_temperature()
    {
        string run = Sample("run");
        JsonNode same = JsonNode.Parse(CommandRun.Of("compare", run, run, "--json").AssertDone().Output)!;
        Assert.All(same["responses"]!.AsArray(), one => Assert.Equal((0, 1), ((double)one!["difference"]!, (double)one["q"]!)));
        Assert.Contains("none stands out", (string)same["conclusion"]![0]!, StringComparison.Ordinal);
        Assert.All(same["correlations"]!.AsObject(), one => Assert.Equal(1, (double)one.Value!, 1e-6));

        string tables = _experiment.PathOf("tables");
        _experiment.With(("nbeta: 100", "nbeta: 50"));
        string hot = Sample("hot");
        string text = CommandRun.Of("compare", run, hot, "--csv", tables).AssertDone().Output;
        Assert.Contains("The runs differ in nbeta.", text, StringComparison.Ordinal);
        string[] lines = File.ReadAllLines(Path.Combine(tables, "comparison.csv"));
        JsonNode other = JsonNode.Parse(CommandRun.Of("compare", run, hot, "--json").AssertDone().Output)!;
        Assert.Equal(1 + other["responses"]!.AsArray().Count + other["llc"]!.AsArray().Count, lines.Length);
        Assert.StartsWith("quantity,component,partner,probe,first,", lines[0], StringComparison.Ordinal);
        JsonNode first = other["responses"]![0]!;
        Assert.Equal((double)first["second"]! - (double)first["first"]!, (double)first["difference"]!, 1e-12);
    }

    private string Sample(string name)
    {
        string run = _experiment.PathOf(name);
        CommandRun.Of("susceptibility", "--config", _experiment.Config, "--out", run, "--quiet").AssertDone();
        return run;
    }
}
