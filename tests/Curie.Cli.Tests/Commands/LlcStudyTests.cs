using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;

namespace Curie.Cli.Tests.Commands;

/// <summary>Learning coefficients of several checkpoints, on several data sets, through the command line.</summary>
public sealed class LlcStudyTests : IDisposable
{
    private readonly ExperimentFolder _experiment = new("2-gelu-standard");

    /// <summary>A training run of three checkpoints: the reference model with its weights scaled.</summary>
    public LlcStudyTests()
    {
        foreach ((int step, float factor) in new[] { (0, 0.5f), (10, 0.8f), (200, 1f) })
        {
            using ParameterSet model = ModelReader.Load(_experiment.PathOf("model"));
            foreach (ref float value in model.Values)
            {
                value *= factor;
            }

            ModelFolder.Save(_experiment.PathOf($"run/checkpoint-{step}"), model);
        }
    }

    private string Run => _experiment.PathOf("run");

    private string[] Settings =>
        [
            "--config",
            _experiment.Config,
            "--component",
            "full",
            "--component",
            "l0h1",
            "--noise-level",
            "1",
            "--chains",
            "2",
            "--draws",
            "4",
        ];

    public void Dispose() => _experiment.Dispose();

    [Fact]
    public void A_checkpoint_in_a_study_has_the_bits_of_its_own_measurement()
    {
        string study = Study("both", ["--model", Run, "--on", $"other={_experiment.PathOf("near.npy")}"]);
        Assert.Equal(1 + (3 * 2 * 2), File.ReadAllLines(Path.Combine(study, "llc.csv")).Length);
        foreach ((string name, string data) in new[] { ("pile", "pile.npy"), ("other", "near.npy") })
        {
            CommandRun alone = CommandRun
                .Of(["llc", "--json", .. Settings, "--model", Path.Combine(Run, "checkpoint-10"), "--data", _experiment.PathOf(data)])
                .AssertDone();
            JsonNode measured = JsonNode.Parse(File.ReadAllText(Path.Combine(study, "measurements", $"checkpoint-10.{name}.json")))!;
            JsonArray components = JsonNode.Parse(alone.Output)!["components"]!.AsArray();
            Assert.Equal(components.ToJsonString(), measured["components"]!.ToJsonString());
            foreach (JsonNode? component in components)
            {
                string[] line = Assert.Single(Lines(study), fields =>
                    fields[1] == "10" && fields[3] == name && fields[2] == (string)component!["component"]!
                );
                Assert.Equal("checkpoint-10", line[0]);
                Assert.Equal(
                    [
                        (double)component!["llc"]!,
                        (double)component["llc_se"]!,
                        (double)component["sampling_se"]!,
                        (double)component["init_loss"]!,
                        (double)component["init_loss_se"]!,
                    ],
                    new[] { line[4], line[5], line[6], line[8], line[9] }.Select(text => double.Parse(text, CultureInfo.InvariantCulture))
                );
            }
        }
    }

    [Fact]
    public void A_checkpoint_that_diverged_has_a_row_that_says_so_and_costs_no_other()
    {
        using (ParameterSet model = ModelReader.Load(_experiment.PathOf("model")))
        {
            foreach (ref float value in model.Values)
            {
                value *= 1e30f;
            }

            ModelFolder.Save(_experiment.PathOf("run/checkpoint-100"), model);
        }

        string study = _experiment.PathOf("diverged");
        CommandRun run = CommandRun.Of(["llc", .. Settings, "--model", Run, "--out", study, "--json"]);

        run.AssertRefused(3, "chain 0 of full at checkpoint-100 on pile was stopped at draw 0: the loss at the checkpoint is NaN");
        Assert.Equal(8, Lines(study).Count());
        foreach (string[] line in Lines(study))
        {
            bool diverged = line[0] == "checkpoint-100";
            Assert.Equal(diverged, line[7] == "checkpoint-diverged");
            Assert.Equal(diverged, line[4].Length == 0);
            Assert.Equal(diverged, line[8].Length == 0);
        }

        JsonNode row = JsonNode.Parse(run.Output)!["rows"]!.AsArray().First(one => (string)one!["checkpoint"]! == "checkpoint-100")!;
        Assert.Null(row["value"]);
        Assert.Null(row["loss"]);
        Assert.Contains("its training diverged", (string)row["notes"]![0]!, StringComparison.Ordinal);
        CommandRun.Of(["llc", .. Settings, "--model", Run, "--out", study, "--json", "--resume"]).AssertRefused(3, "checkpoint-100");
    }

    [Fact]
    public void A_study_that_is_resumed_ends_in_the_same_bytes()
    {
        string whole = Study("whole", ["--model", Run]);
        string resumed = Study("resumed", ["--model", Run]);
        File.Delete(Path.Combine(resumed, "llc.csv"));
        File.Delete(Path.Combine(resumed, "llc.json"));
        File.Delete(Path.Combine(resumed, "measurements", "checkpoint-10.pile.json"));
        DateTime kept = File.GetLastWriteTimeUtc(Path.Combine(resumed, "measurements", "checkpoint-0.pile.json"));

        CommandRun.Of(["llc", .. Settings, "--model", Run, "--out", resumed]).AssertRefused(1, "give --resume to continue it");
        Study("resumed", ["--model", Run, "--resume"]);
        Assert.Equal(kept, File.GetLastWriteTimeUtc(Path.Combine(resumed, "measurements", "checkpoint-0.pile.json")));
        foreach (string file in Directory.GetFiles(whole, "*", SearchOption.AllDirectories))
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(resumed, Path.GetRelativePath(whole, file))));
        }
    }

    [Fact]
    public void A_study_with_other_settings_is_not_continued()
    {
        string study = Study("study", ["--model", Path.Combine(Run, "checkpoint-*")]);
        CommandRun
            .Of(["llc", .. Settings, "--nbeta", "7", "--model", Run, "--out", study, "--resume"])
            .AssertRefused(1, "was measured with other settings, weights or data");
    }

    /// <summary>The noise drives all of the weights above the null line, but a single head's not.</summary>
    [Fact]
    public void Diverged_components_are_marked_and_have_no_number()
    {
        string study = _experiment.PathOf("diverged");
        CommandRun result = CommandRun.Of([
            "llc",
            .. Settings.SkipLast(6),
            "--chains",
            "2",
            "--draws",
            "2",
            "--noise-level",
            "6",
            "--model",
            Path.Combine(Run, "checkpoint-200"),
            "--on",
            _experiment.PathOf("near.npy"),
            "--out",
            study,
        ]);
        result.AssertRefused(3, "chain 0 of full at checkpoint-200 on pile was stopped at draw");
        Assert.All(Lines(study).Where(fields => fields[2] == "full"), fields =>
            Assert.Equal(("", "", "all-chains-stopped"), (fields[4], fields[5], fields[7]))
        );
        Assert.All(Lines(study).Where(fields => fields[2] == "l0h1"), fields => Assert.NotEqual("", fields[4]));
        Assert.Contains(Lines(study), fields => fields[7].Contains("too-few-draws", StringComparison.Ordinal));
    }

    [Fact]
    public void A_configuration_file_names_a_study_as_options_do()
    {
        File.AppendAllText(_experiment.Config, "\nllc:\n  every: 2\n  data:\n    - {name: other, data: near.npy}\n");
        string text = File.ReadAllText(_experiment.Config);
        int line = text.IndexOf("model:", StringComparison.Ordinal);
        File.WriteAllText(
            _experiment.Config,
            $"{text[..line]}model: [run/checkpoint-0, run/checkpoint-10, run/checkpoint-200]{text[text.IndexOf('\n', line)..]}"
        );
        string study = Study("configured", []);
        Assert.Equal(["0", "200"], Lines(study).Select(fields => fields[1]).Distinct());
        Assert.Equal(["pile", "other"], Lines(study).Select(fields => fields[3]).Distinct());
        CommandRun.Of("calibrate", "--config", _experiment.Config).AssertRefused(1, "\"model\" must be a text");
    }

    [Fact]
    public void What_cannot_be_a_study_is_refused()
    {
        CommandRun.Of(["llc", .. Settings, "--model", Run]).AssertRefused(1, "give --out DIR");
        CommandRun
            .Of(["llc", .. Settings, "--model", Path.Combine(Run, "step-*"), "--out", _experiment.PathOf("none")])
            .AssertRefused(1, "there is no checkpoint");
        CommandRun
            .Of(["llc", .. Settings, "--model", Run, "--model", _experiment.PathOf("model"), "--out", _experiment.PathOf("none")])
            .AssertRefused(1, "are both checkpoints of step 0");
        CommandRun
            .Of(["llc", .. Settings, "--model", Run, "--on", _experiment.PathOf("pile.npy"), "--out", _experiment.PathOf("none")])
            .AssertRefused(1, "two data sets are named \"pile\"");
        CommandRun
            .Of(["llc", .. Settings, "--model", Run, "--on", "a/b=x.npy", "--out", _experiment.PathOf("none")])
            .AssertRefused(1, "cannot name data");
        Assert.False(Directory.Exists(_experiment.PathOf("none")));
    }

    [Fact]
    public void A_zero_filled_init_loss_is_named_wherever_it_is_used()
    {
        string right = Study("right", ["--model", Run]);
        string legacy = Study("legacy", ["--model", Run, "--zero-filled-init-loss"]);
        foreach ((string[] before, string[] after) in Lines(right).Zip(Lines(legacy)))
        {
            // 2 chains, 4 draws: nβ·L0·(2 − 1)/(2·2)·(4 − 1)/4 of the reference's nβ = 100; λ̂ is a double, so 1e-9 is rounding.
            double inflation = 100 * double.Parse(before[8], CultureInfo.InvariantCulture) / 4 * 3 / 4;
            Assert.Equal(
                double.Parse(before[4], CultureInfo.InvariantCulture) + inflation,
                double.Parse(after[4], CultureInfo.InvariantCulture),
                1e-9
            );
            Assert.EndsWith("zero-filled-init-loss", after[7], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_model_is_compared_with_a_frozen_one_in_either_direction()
    {
        // Held so tightly that the small divergences of these models stay below the uniform predictor's.
        string frozen = Path.Combine(Run, "checkpoint-0");
        string[] against = ["--against", frozen, "--localization", "1000", "--step-size", "0.001", "--nbeta", "10"];
        string forward = Study("forward", ["--model", Run, .. against]);
        string reverse = Study("reverse", ["--model", Run, .. against, "--divergence", "reverse"]);
        foreach (string study in new[] { forward, reverse })
        {
            // A divergence from itself is zero to the rounding of float32 logits, and of any other model it is above that.
            Assert.All(Lines(study).Where(fields => fields[1] == "0"), fields => Assert.Equal(0, Number(fields[8]), 1e-5));
            Assert.All(Lines(study).Where(fields => fields[1] != "0"), fields => Assert.True(Number(fields[8]) > 1e-3));
        }

        Assert.All(Lines(forward).Zip(Lines(reverse)).Where(pair => pair.First[1] != "0"), pair =>
            Assert.NotEqual(pair.First[8], pair.Second[8])
        );
        CommandRun alone = CommandRun
            .Of(["llc", "--json", .. Settings, "--model", Path.Combine(Run, "checkpoint-10"), .. against])
            .AssertDone();
        CommandRun told = CommandRun.Of(["llc", .. Settings, "--model", Path.Combine(Run, "checkpoint-10"), .. against]).AssertDone();
        Assert.Contains("(as tried now, if nothing else runs)", told.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        JsonNode component = JsonNode.Parse(alone.Output)!["components"]![0]!;
        string[] line = Lines(forward).First(fields => fields[1] == "10");
        Assert.Equal(((double)component["llc"]!, (double)component["init_loss"]!), (Number(line[4]), Number(line[8])));
        CommandRun.Of(["llc", .. Settings, "--model", frozen, "--against", Run]).AssertRefused(1, "holds no model");
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static IEnumerable<string[]> Lines(string study) =>
        File.ReadLines(Path.Combine(study, "llc.csv")).Skip(1).Select(line => line.Split(','));

    private string Study(string name, string[] options)
    {
        string folder = _experiment.PathOf(name);
        CommandRun.Of(["llc", .. Settings, .. options, "--out", folder]).AssertDone();
        return folder;
    }
}
