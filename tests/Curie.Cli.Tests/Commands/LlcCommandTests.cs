using System.Text.Json.Nodes;
using Curie.Numerics.Files;

namespace Curie.Cli.Tests.Commands;

/// <summary>Learning coefficients of tiny models through the command line.</summary>
public sealed class LlcCommandTests : IDisposable
{
    private readonly ExperimentFolder _experiment = new("2-gelu-standard");

    public void Dispose() => _experiment.Dispose();

    /// <summary>
    /// With noise 0 the traces are those of the float64 reference, to ten times the error of float32 PyTorch (tests/reference/README.md);
    /// a coefficient is nβ = 100 times the mean of 12 such differences.
    /// </summary>
    [Fact]
    public void Coefficients_follow_the_traces_of_the_float64_reference()
    {
        string file = _experiment.PathOf("llc.json");
        CommandRun result = CommandRun.Of("llc", "--config", _experiment.Config, "--out", file, "--json").AssertDone();
        Assert.Equal(JsonNode.Parse(result.Output)!.ToJsonString(), JsonNode.Parse(File.ReadAllText(file))!.ToJsonString());

        using NpzReader expected = NpzFile.Open(Path.Combine(_experiment.Source, "expected.npz"));
        double[][] traces = [.. expected.Read<double>("trace_loss").ToArray().Chunk(12)];
        JsonArray components = JsonNode.Parse(result.Output)!["components"]!.AsArray();
        Assert.Equal(["full", "l0h1", "l1h4"], components.Select(component => (string)component!["component"]!));
        foreach ((JsonNode? component, double[] trace) in components.Zip(traces))
        {
            double[] measured = [.. component!["trace_loss"]![0]!.AsArray().Select(value => (double)value!)];
            Assert.All(measured.Zip(trace), pair => Assert.Equal(pair.Second, pair.First, 5e-6));
            Assert.Equal(100 * (trace.Average() - (double)component["init_loss"]!), (double)component["llc"]!, 5e-4);
            double known = (double)component["null_loss"]! - (double)component["init_loss"]!;
            Assert.Equal((double)component["llc"]! / 100 / known, (double)component["knowledge_lost"]!, 1e-9);
        }
    }

    [Fact]
    public void Chains_whose_steps_float32_cannot_add_to_the_weights_are_not_called_ok()
    {
        string[] settings =
        [
            "--config",
            _experiment.Config,
            "--component",
            "l0h1",
            "--noise-level",
            "1",
            "--step-size",
            "1e-24",
            "--draws",
            "20",
            "--chains",
            "2",
        ];
        JsonNode component = Assert.Single(Json(settings)["components"]!.AsArray())!;
        Assert.Equal("did-not-move", (string)component["health"]!);
        // P and L0 are means of the same numbers, added in another order.
        Assert.Equal(0, (double)component["knowledge_lost"]!, 1e-12);
    }

    [Fact]
    public void Options_alone_and_options_in_place_of_a_files_values_give_the_same()
    {
        string[] settings =
        [
            "--component",
            "l0h1",
            "--nbeta",
            "10",
            "--chains",
            "2",
            "--draws",
            "3",
            "--loss-rows",
            "all",
            "--localization",
            "20",
        ];
        string[] ofTheFile =
        [
            "--step-size",
            "0.006",
            "--batch-size",
            "3",
            "--burn-in",
            "2",
            "--steps-between-draws",
            "2",
            "--noise-level",
            "0",
            "--order",
            "sequential",
        ];
        JsonNode alone = Json([
            "--model",
            _experiment.PathOf("model"),
            "--data",
            _experiment.PathOf("pile.npy"),
            .. ofTheFile,
            .. settings,
        ]);
        JsonNode beside = Json(["--config", _experiment.Config, .. settings]);
        Assert.Equal(alone.ToJsonString(), beside.ToJsonString());
        Assert.Equal("l0h1", (string)Assert.Single(alone["components"]!.AsArray())!["component"]!);
        Assert.Equal("all", (string)alone["configuration"]!["sampling"]!["loss_rows"]!);
    }

    [Theory]
    [InlineData("rmsprop-sgld", "--rmsprop-bias-correction", "true")]
    [InlineData("sgnht", "--friction", "0.5")]
    public void Another_sampler_is_chosen_and_written_down(string sampler, string option, string value)
    {
        string[] settings = ["--config", _experiment.Config, "--component", "l0h1", "--noise-level", "1", "--draws", "20", "--chains", "2"];
        JsonNode other = Json([.. settings, "--sampler", sampler, option, value, "--weight-decay", "1"]);
        JsonNode sampling = other["configuration"]!["sampling"]!;
        Assert.Equal(
            (sampler, value, 1),
            ((string)sampling["sampler"]!, sampling[option[2..].Replace('-', '_')]!.ToJsonString(), (double)sampling["weight_decay"]!)
        );
        Assert.NotEqual((double)Json(settings)["components"]![0]!["llc"]!, (double)other["components"]![0]!["llc"]!);
    }

    [Fact]
    public void The_table_has_a_line_for_every_component_and_verdicts_below()
    {
        string[] lines = CommandRun.Of("llc", "--config", _experiment.Config).AssertDone().Output.Split('\n');
        int ruler = Array.FindIndex(lines, line => line.StartsWith('─'));
        Assert.Equal(["full", "l0h1", "l1h4"], lines[(ruler + 1)..(ruler + 4)].Select(line => line.Trim().Split(' ')[0]));
        Assert.Contains("lost", lines[ruler - 1].Split(' '));
        Assert.All(lines[(ruler + 1)..(ruler + 4)], line => Assert.Contains(" % ", line, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("all 3 components: 12 draws a chain are too few", StringComparison.Ordinal));
    }

    [Fact]
    public void A_component_whose_chains_all_stop_is_shown_as_such()
    {
        // The noise drives all of the weights above the null line, but a single head's not.
        string[] settings = ["--noise-level", "6", "--component", "full", "--component", "l1h4", "--draws", "2", "--chains", "2"];
        CommandRun result = CommandRun.Of(["llc", "--config", _experiment.Config, .. settings]);
        result.AssertRefused(3, "2 of 4 chains are left out of every estimate: chain 0 of full was stopped at draw 1");
        Assert.Contains("all chains stopped", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--draws 3", "Nothing to sample: give --model and --data, or --config.")]
    [InlineData("--model m --data d --chains 0", "--chains is '0'; give a whole number of at least 1.")]
    [InlineData("--model m --data d --step-size 0", "--step-size is '0'; give a number above 0.")]
    [InlineData("--model m --data d --nbeta NaN", "--nbeta is 'NaN'; give a number of at least 0.")]
    [InlineData("--model m --data d --loss-rows none", "--loss-rows is 'none'; give a whole number of at least 1, or all.")]
    [InlineData("--model m --data d --order random", "random")]
    public void A_wrong_option_exits_with_2(string options, string message) =>
        CommandRun.Of(["llc", .. options.Split(' ')]).AssertRefused(2, message);

    [Fact]
    public void Settings_that_do_not_fit_each_other_or_the_model_are_refused()
    {
        CommandRun
            .Of("llc", "--config", _experiment.Config, "--localization", "1000")
            .AssertRefused(1, "make step_size smaller than 0.004");
        CommandRun.Of("llc", "--config", _experiment.Config, "--sampler", "mala").AssertRefused(1, "mala needs exact losses");
        CommandRun
            .Of("llc", "--config", _experiment.Config, "--friction", "1")
            .AssertRefused(1, "--friction is not a setting of the sampler sgld: leave it out, or give --sampler sgnht.");
        CommandRun
            .Of("llc", "--config", _experiment.Config, "--sampler", "sgnht", "--noise-level", "0")
            .AssertRefused(1, "sgnht holds a temperature");
        CommandRun.Of("llc", "--config", _experiment.Config, "--component", "l0h9").AssertRefused(1, "names head 9");
        File.WriteAllText(_experiment.PathOf("llc.json"), "");
        CommandRun.Of("llc", "--config", _experiment.Config, "--out", _experiment.PathOf("llc.json")).AssertRefused(1, "give --overwrite");
    }

    private static JsonNode Json(string[] options) => JsonNode.Parse(CommandRun.Of(["llc", "--json", .. options]).AssertDone().Output)!;
}
