using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Curie.Cli.Tests.Commands;

/// <summary>A run, its control at nβ = 0, and what curie structure says and keeps of both.</summary>
public sealed class ControlTests
{
    [Fact]
    public void A_control_is_labelled_and_structure_compares_with_it_and_keeps_what_it_found()
    {
        using ExperimentFolder experiment = new("2-gelu-standard");
        experiment.With(("noise_level: 0", "noise_level: 0.1"), ("chains: 1", "chains: 4"));
        string run = experiment.PathOf("run");
        string control = experiment.PathOf("control");
        CommandRun.Of("susceptibility", "--config", experiment.Config, "--out", run, "--quiet").AssertDone();
        CommandRun made = CommandRun.Of("susceptibility", "--config", experiment.Config, "--out", control, "--control").AssertDone();
        Assert.Contains("A control at nβ = 0", made.Output, StringComparison.Ordinal);
        JsonNode manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(control, "manifest.json")))!;
        Assert.True((bool)manifest["control"]!);
        Assert.Equal(0, (double)manifest["configuration"]!["sampling"]!["nbeta"]!);
        Assert.False((bool)JsonNode.Parse(File.ReadAllText(Path.Combine(run, "manifest.json")))!["control"]!);

        string page = CommandRun.Of("structure", run, "--control", control, "--tokens", "0", "--verbose").AssertDone().Output;
        Assert.Contains("without the loss", page, StringComparison.Ordinal);
        Assert.Contains("halves of the 2 pairs of chains", page, StringComparison.Ordinal);
        Assert.Matches(@"mode 1 +\d+\.\d\d % [█░]+ \[\d", page);
        JsonNode kept = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "reproducibility-chi.json")))!;
        Assert.Equal("chi", (string)kept["part"]!);
        Assert.NotNull(kept["groups"]![0]!["components"]![0]!["reliability"]);
        Assert.NotNull(kept["control"]!["groups"]![0]!["frobenius_ratio"]);

        // The covariance and the excess have what χ has, so that a page shows all three with their errors.
        foreach (string part in new[] { "covariance", "excess" })
        {
            JsonNode other = JsonNode.Parse(File.ReadAllText(Path.Combine(run, $"reproducibility-{part}.json")))!;
            Assert.Equal(part, (string)other["part"]!);
            Assert.NotNull(other["groups"]![0]!["modes"]![0]!["explained_variance"]!["low"]);
            Assert.NotNull(other["groups"]![0]!["modes"]![0]!["reliability"]);
        }

        Assert.Contains("dλ̂/dh ± standard error", page, StringComparison.Ordinal);
        Assert.Contains("in units of λ̂", page, StringComparison.Ordinal);
        Assert.Contains("before the loss surface is felt at all", Unwrapped(page), StringComparison.Ordinal);
        JsonNode analysis = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "analysis.json")))!;
        Assert.InRange((double)analysis["alignment"]![0]!["correlation"]!, -1, 1);
        Assert.Equal("l1h4", (string)analysis["alignment"]![1]!["component"]!);
        JsonNode slope = analysis["llc_slope"]![3]!;
        Assert.Equal(("far", "l1h4"), ((string)slope["probe"]!, (string)slope["component"]!));
        Assert.True((double)slope["standard_error"]! > 0);
        Assert.Contains(
            "At nβ = 0 the learning coefficient is 0",
            CommandRun.Of("structure", control, "--tokens", "0", "--verbose").AssertDone().Output,
            StringComparison.Ordinal
        );

        JsonNode json = JsonNode.Parse(CommandRun.Of("structure", run, "--json", "--tokens", "0").AssertDone().Output)!;
        Assert.Equal(kept["groups"]!.ToJsonString(), json["reproducibility"]!["groups"]!.ToJsonString());
        Assert.Null(json["control"]);
        CommandRun.Of("structure", run, "--control", run).AssertRefused(1, "was not sampled at nbeta 0");
    }

    [Fact]
    public void A_run_draws_its_control_and_says_first_what_is_there_without_the_loss()
    {
        using ExperimentFolder experiment = new("2-gelu-standard");
        experiment.With(("noise_level: 0", "noise_level: 0.1"), ("chains: 1", "chains: 4"));
        string run = experiment.PathOf("run");
        string[] command = ["susceptibility", "--config", experiment.Config, "--out", run];
        CommandRun made = CommandRun.Of(command).AssertDone();
        string said = Regex.Replace(made.Output, @"\s+", " ");

        // Two pairs of one batch each are too few for intervals.
        Assert.Matches(
            @"• Random draws around the checkpoint, which never feel the loss, explain [\d.]+ % \(error unknown\) of the variance of the "
                + @"excess over tokens and all components \(sampling error taken out\), [\d.]+ % \(error unknown\) of that of "
                + @"the covariance and [\d.]+ % \(error unknown\) of that of χ; what sampling adds has an unknown error\. .* \S*susceptibility\.npz: ",
            said
        );
        Assert.All(made.Output.Split('\n').Where(line => line.StartsWith('•')), line => Assert.InRange(line.Length, 1, 100));
        string control = Path.Combine(run, "control");
        JsonNode manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(control, "manifest.json")))!;
        Assert.True((bool)manifest["control"]! && (bool)manifest["is_drawn_directly"]!);
        Assert.Equal(0, (double)manifest["configuration"]!["sampling"]!["nbeta"]!);
        string page = CommandRun.Of("structure", run, "--control", control, "--tokens", "0").AssertDone().Output;
        Assert.Contains("without the loss", page, StringComparison.Ordinal);
        CommandRun.Of("structure", control, "--tokens", "0").AssertDone();

        // Without a control the run has the same bytes, and it is not another run: given one later, it is left as it is.
        byte[] arrays = File.ReadAllBytes(Path.Combine(run, "susceptibility.npz"));
        experiment.With(("chains: 4", "chains: 4\n  control: false"));
        CommandRun.Of([.. command, "--overwrite"]).AssertDone();
        Assert.False(Directory.Exists(control));
        Assert.Equal(arrays, File.ReadAllBytes(Path.Combine(run, "susceptibility.npz")));
        experiment.With(("control: false", "control: true"));
        JsonNode json = JsonNode.Parse(CommandRun.Of([.. command, "--resume", "--json"]).AssertDone().Output)!;
        Assert.Equal("excess", (string)json["control_verdict"]!["parts"]![0]!["part"]!);
        Assert.Equal(arrays, File.ReadAllBytes(Path.Combine(run, "susceptibility.npz")));
    }

    [Fact]
    public void Coverage_prints_a_table_of_quantities_and_cases()
    {
        string table = CommandRun
            .Of("validate", "coverage", "--replicates", "20", "--filter", "ρ .95, 4 chains × 100, four")
            .AssertDone()
            .Output;
        Assert.Matches(@"\| λ̂ \| \**\d+\.\d\** \(\d\.\d\d\) \|", table);
        CommandRun.Of("validate", "coverage", "--filter", "nothing of the kind").AssertRefused(1, "no case has");
        CommandRun.Of("validate", "coverage", "--replicates", "3").AssertRefused(2, "must be 20 or more");
    }

    private static string Unwrapped(string page) => string.Join(' ', page.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
