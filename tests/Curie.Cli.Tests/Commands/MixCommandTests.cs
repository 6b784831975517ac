using System.Text.Json.Nodes;

namespace Curie.Cli.Tests.Commands;

/// <summary>A run on probes beside one on mixtures of them.</summary>
public sealed class MixCommandTests
{
    [Fact]
    public void A_run_on_mixtures_has_the_same_chains_and_is_compared_over_components()
    {
        using ExperimentFolder experiment = new("3-attention-shortformer");
        string mixture = experiment.PathOf("mixed.npy");
        JsonNode made = JsonNode.Parse(
            CommandRun
                .Of(
                    "mix",
                    experiment.PathOf("pile.npy"),
                    experiment.PathOf("near.npy"),
                    "--rate",
                    "0.5",
                    "--rows",
                    "2",
                    "--out",
                    mixture,
                    "--json"
                )
                .AssertDone()
                .Output
        )!;
        Assert.Equal((2, 1), ((int)made["rows"]!, (int)made["probe_rows"]!));
        CommandRun
            .Of("mix", mixture, mixture, "--rate", "2", "--out", experiment.PathOf("other.npy"))
            .AssertRefused(1, "must lie between 0 and 1");
        CommandRun
            .Of("mix", mixture, mixture, "--rows", "-1", "--out", experiment.PathOf("other.npy"))
            .AssertRefused(2, "--rows must be 0 or more");

        (string run, string mixed) = (experiment.PathOf("run"), experiment.PathOf("mixed-run"));
        CommandRun.Of("susceptibility", "--config", experiment.Config, "--out", run, "--quiet").AssertDone();
        experiment.With(("data: near.npy", "data: mixed.npy"));
        CommandRun.Of("susceptibility", "--config", experiment.Config, "--out", mixed, "--quiet").AssertDone();
        string page = CommandRun
            .Of("structure", run, "--mixture", mixed, "--mixture-rate", "0.5", "--tokens", "0", "--verbose")
            .AssertDone()
            .Output;
        Assert.Matches(@"near: slope -?\d+\.\d\d ± \d+\.\d\d over 3 components, where 1/δh = 2\.00; r = ", page);

        // The other probe is the same in both runs, so its slope is 1.
        JsonNode far = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "analysis.json")))!["mixture"]![1]!;
        Assert.Equal("far", (string)far["probe"]!);
        Assert.Equal(1, (double)far["slope"]!, 1e-9);
        CommandRun.Of("structure", run, "--mixture", mixed, "--mixture-rate", "0").AssertRefused(1, "must lie between 0 and 1");
    }
}
