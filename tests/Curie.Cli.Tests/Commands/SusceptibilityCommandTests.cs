using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Development.Attention;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics.Files;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Text.Tokenization;

namespace Curie.Cli.Tests.Commands;

/// <summary>Susceptibility experiments on tiny models through the command line.</summary>
public sealed class SusceptibilityCommandTests
{
    private const string Name = "2-gelu-standard";

    /// <summary>The tolerance is relative to the standard deviation of χ over the tokens of a component: 1e-3.</summary>
    [Theory]
    [InlineData("2-gelu-standard")]
    [InlineData("3-attention-shortformer")]
    public void An_experiment_file_gives_the_susceptibilities_of_the_float64_reference(string name)
    {
        using ExperimentFolder experiment = new(name);
        string run = experiment.PathOf("run");
        CommandRun result = CommandRun.Of("susceptibility", "--config", experiment.Config, "--out", run, "--verbose").AssertDone();
        Assert.Matches(@"none of \d+ chains diverged\. ", Unwrapped(result.Output));
        AssertKnowledgeLost(RunFolder.Read(run).Manifest, result.Output);

        using NpzReader expected = NpzFile.Open(Path.Combine(experiment.Source, "expected.npz"));
        using NpzReader actual = NpzFile.Open(Path.Combine(run, "susceptibility.npz"));
        NpyArray<float> chi = actual.Read<float>("chi");
        int tokens = (int)chi.Shape[1];
        double[][] reference = [.. expected.Read<double>("chi").ToArray().Chunk(tokens)];
        float[][] measured = [.. chi.ToArray().Chunk(tokens)];
        Assert.Equal(reference.Length, measured.Length);
        for (int component = 0; component < reference.Length; component++)
        {
            double mean = reference[component].Average();
            double deviation = Math.Sqrt(reference[component].Average(value => (value - mean) * (value - mean)));
            Assert.All(measured[component].Zip(reference[component]), pair => Assert.Equal(pair.Second, pair.First, 1e-3 * deviation));
        }

        Assert.False(Directory.Exists(Path.Combine(run, "state")));
    }

    /// <summary>The key is no part of what a run is: it is resumed with another, and what the finished run says holds.</summary>
    [Fact]
    public void A_run_keeps_the_attention_of_its_heads_within_the_megabytes_that_it_is_given()
    {
        using ExperimentFolder experiment = new(Name);
        string run = experiment.PathOf("run");
        string file = Path.Combine(run, RunAttention.FileName);
        File.AppendAllText(experiment.Config, "\nattention_megabytes: 0\n");
        CommandRun.Of("susceptibility", "--config", experiment.Config, "--out", run).AssertDone();
        Assert.False(File.Exists(file));

        experiment.With(("attention_megabytes: 0", "attention_megabytes: 0.01"));
        string other = experiment.PathOf("other");
        CommandRun.Of("susceptibility", "--config", experiment.Config, "--out", other).AssertDone();
        AttentionPatterns kept = RunAttention.Find(other, RunFolder.ReadManifest(other))!;
        CommandRun plan = CommandRun.Of("plan", "susceptibility", "--config", experiment.Config, "--peak", "10", "--json").AssertDone();
        int triangle = kept.Positions * (kept.Positions + 1) / 2;
        Assert.Equal(kept.Rows.Count * kept.Components.Count * triangle, (long)JsonNode.Parse(plan.Output)!["attention"]!["bytes"]!);
        Assert.InRange(kept.Rows.Count * kept.Components.Count * triangle, 1, 10_000);

        CommandRun.Of("susceptibility", "--config", experiment.Config, "--out", run, "--resume").AssertDone();
        Assert.False(File.Exists(file));
    }

    /// <summary>An untrained checkpoint, or one far from any, knows less than the uniform predictor; neither command refuses it.</summary>
    [Fact]
    public void A_checkpoint_above_the_null_line_is_measured_by_every_command()
    {
        using ExperimentFolder experiment = new(Name);
        using (ParameterSet model = ModelReader.Load(experiment.PathOf("model")))
        {
            foreach (ref float value in model.Values)
            {
                value *= 3;
            }

            ModelFolder.Save(experiment.PathOf("model"), model);
        }

        string run = experiment.PathOf("run");
        CommandRun.Of("susceptibility", "--config", experiment.Config, "--out", run).AssertDone();
        JsonNode llc = JsonNode.Parse(CommandRun.Of("llc", "--config", experiment.Config, "--json").AssertDone().Output)!;
        Assert.All(RunFolder.Read(run).Manifest.Health, component =>
        {
            Assert.Null(component.Diagnostics["null_loss"]);
            Assert.All(component.Chains, chain => Assert.Equal(ChainStatus.Healthy, chain.Status));
        });
        Assert.All(llc["components"]!.AsArray(), component => Assert.Null(component!["null_loss"]));
    }

    /// <summary>With neither noise nor loss nothing moves, and what rounding leaves of the response has no structure.</summary>
    [Fact]
    public void Components_whose_chains_did_not_move_have_no_response_and_no_modes()
    {
        using ExperimentFolder experiment = new ExperimentFolder(Name).With(("nbeta: 100", "nbeta: 0"), ("draws: 12", "draws: 20"));
        string run = experiment.PathOf("run");
        CommandRun result = CommandRun.Of("susceptibility", "--config", experiment.Config, "--out", run).AssertDone();
        Assert.Contains("the chains did not move", result.Output, StringComparison.Ordinal);
        Assert.All(RunFolder.Read(run).Data.Response.Values(Curie.Response.Estimators.ResponsePart.Susceptibility), value =>
            Assert.True(float.IsNaN(value))
        );

        JsonNode structure = JsonNode.Parse(CommandRun.Of("structure", run, "--json").AssertDone().Output)!;
        Assert.All(structure["groups"]!.AsArray(), group => Assert.NotEmpty(group!["excluded"]!.AsArray()));
        Assert.All(structure["groups"]!.AsArray(), group => Assert.Empty(group!["modes"]!.AsArray()));
        CommandRun llc = CommandRun.Of("llc", "--config", experiment.Config, "--json").AssertDone();
        Assert.All(JsonNode.Parse(llc.Output)!["components"]!.AsArray(), component =>
            Assert.Contains("did-not-move", (string)component!["health"]!, StringComparison.Ordinal)
        );
    }

    /// <summary>
    /// The share is that of the figures beside it in the manifest, to the decimals that are printed, for every component.
    /// </summary>
    private static void AssertKnowledgeLost(RunManifest manifest, string output)
    {
        List<string> shares = [];
        foreach (ComponentHealth component in manifest.Health)
        {
            double At(string figure) => component.Diagnostics[figure]!.Value;
            double share = (At("mean_loss") - At("init_loss")) / (At("null_loss") - At("init_loss"));
            Assert.Equal(share, At("knowledge_lost"), 1e-12);
            shares.Add(string.Create(CultureInfo.InvariantCulture, $"{component.Component} {100 * share:F1} %"));
        }

        Assert.Contains(
            $"What the model knows and the chains have lost: {string.Join(", ", shares)}.",
            Unwrapped(output),
            StringComparison.Ordinal
        );
    }

    private static string Unwrapped(string text) => text.ReplaceLineEndings(" ");

    [Fact]
    public void A_finished_run_is_neither_replaced_unasked_nor_sampled_again_nor_mixed_with_another()
    {
        using ExperimentFolder experiment = new(Name);
        Run(experiment).AssertDone();
        byte[] first = Arrays(experiment);

        Run(experiment).AssertRefused(1, "--resume");
        Run(experiment, "--resume", "--overwrite").AssertRefused(2, "give one of the two");
        Run(experiment, "--resume", "--seed", "2").AssertRefused(1, "another configuration, model or data");
        Run(experiment, "--resume", "--weight-decay", "2").AssertRefused(1, "another configuration, model or data");
        Run(experiment, "--resume", "--sampler", "mala").AssertRefused(1, "mala needs exact losses");
        JsonNode json = JsonNode.Parse(Run(experiment, "--resume", "--json").AssertDone().Output)!;
        Assert.Equal(180, (int)json["tokens"]!);
        Assert.All(json["knowledge_lost"]!.AsObject(), component => Assert.InRange((double)component.Value!, -1, 1));
        Assert.Equal(first, Arrays(experiment));

        Run(experiment, "--overwrite", "--threads", "3", "--memory", "256M").AssertDone();
        Assert.Equal(first, Arrays(experiment));
    }

    /// <summary>A checkpoint's run among others is the run of that checkpoint by itself, bit for bit.</summary>
    [Fact]
    public void Several_checkpoints_get_a_run_folder_each()
    {
        using ExperimentFolder experiment = new(Name);
        string model = Directory
            .GetDirectories(experiment.PathOf("."), "*")
            .Single(folder => File.Exists(Path.Combine(folder, "config.json")));
        foreach (int step in new[] { 5, 10, 20 })
        {
            string copy = experiment.PathOf($"training/checkpoint-{step}");
            Directory.CreateDirectory(copy);
            Array.ForEach(Directory.GetFiles(model), file => File.Copy(file, Path.Combine(copy, Path.GetFileName(file))));
        }

        Run(experiment).AssertDone();
        string[] arguments =
        [
            "susceptibility",
            "--config",
            experiment.Config,
            "--model",
            experiment.PathOf("training"),
            "--every",
            "2",
            "--out",
            experiment.PathOf("all"),
        ];
        JsonNode json = JsonNode.Parse(CommandRun.Of([.. arguments, "--json"]).AssertDone().Output)!;

        string[] runs = [.. json["runs"]!.AsArray().Select(run => (string)run!["run"]!)];
        Assert.Equal([experiment.PathOf("all/checkpoint-5"), experiment.PathOf("all/checkpoint-20")], runs);
        Assert.Equal(Arrays(experiment), File.ReadAllBytes(Path.Combine(runs[1], "susceptibility.npz")));
        CommandRun.Of(arguments).AssertRefused(1, "checkpoint-5 holds a run already");
        CommandRun.Of([.. arguments, "--resume"]).AssertDone();
    }

    [Fact]
    public void An_interrupted_run_says_how_to_resume_and_refuses_other_settings()
    {
        using ExperimentFolder experiment = new(Name);
        CommandRun
            .With(
                "",
                new CancellationToken(canceled: true),
                "susceptibility",
                "--config",
                experiment.Config,
                "--out",
                experiment.PathOf("run")
            )
            .AssertRefused(130, "give the same command with --resume");
        Run(experiment, "--resume", "--seed", "2").AssertRefused(1, "another configuration, model or data");
        Run(experiment, "--resume").AssertDone();
    }

    [Fact]
    public void Excluded_chains_are_named_and_exit_with_3()
    {
        // With this noise and without much localisation some of the eight chains of full end above the null line, and some do not.
        using ExperimentFolder experiment = new ExperimentFolder(Name).With(
            ("noise_level: 0", "noise_level: 1.6"),
            ("chains: 1", "chains: 8"),
            ("draws: 12", "draws: 2\n  covariance: product\n  antithetic: false")
        );
        CommandRun result = Run(experiment);
        result.AssertRefused(3, "of 24 chains are left out of every estimate: chain ");
        Assert.Matches(@"chain \d of full was stopped at draw 1: its loss has been above the null line", result.Error);

        JsonNode manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(experiment.PathOf("run"), "manifest.json")))!;
        Assert.False((bool)manifest["healthy"]!);
        int excluded = manifest["health"]!
            .AsArray()
            .Sum(component => component!["chains"]!.AsArray().Count(chain => (string)chain!["status"]! == "excluded"));
        Assert.StartsWith($"curie: {excluded} of 24", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_component_without_healthy_chains_ends_the_run_in_one_sentence()
    {
        using ExperimentFolder experiment = new ExperimentFolder(Name).With(("noise_level: 0", "noise_level: 1000"));
        Run(experiment).AssertRefused(1, "every chain of full was stopped");
    }

    [Theory]
    [InlineData("l1h4", "l9h4", "names layer 9")]
    [InlineData("l1h4", "l1x", "unknown component \"l1x\"")]
    [InlineData("[full, l0h1, l1h4]", "[full]", "only full is there")]
    [InlineData("draws: 12", "drwas: 12", "draws")]
    [InlineData("draws: 12", "draws: 12\n  antithetc: true", "did you mean \"antithetic\"?")]
    [InlineData("draws: 12", "draws: 12\n  observabl: near", "did you mean \"observable\"?")]
    [InlineData("draws: 12", "draws: 2000000000\n  full_draws: 3", "full_draws is 3")]
    [InlineData("loss_rows: 7", "loss_rows: 7\n  observable: \"\"", "\"observable\" is empty")]
    [InlineData("draws: 12", "draws: 0", "draws")]
    [InlineData("draws: 12", "draws: 1", "has no standard error")]
    [InlineData("rows: 2", "tokens: 100000", "tokens were asked for")]
    [InlineData("data: far.npy", "data: none.npy", "none.npy")]
    [InlineData("model: model", "model: none", "none")]
    [InlineData("loss_rows: 7", "loss_rows: 7\n  observable: middle", "there is no probe middle; name one of near, far")]
    [InlineData("loss_rows: 7", "loss_rows: 7\n  observable: {pattern: digits}", "the key \"probe\" is missing")]
    [InlineData(
        "loss_rows: 7",
        "loss_rows: 7\n  observable: {probe: near, pattern: none}",
        "there is no pattern none in the default patterns; name one of"
    )]
    [InlineData("loss_rows: 7", "loss_rows: 7\n  observable: {probe: near, pattern: numeric}", "tokenizer.json")]
    [InlineData("loss_rows: 7", "loss_rows: 7\n  observable: {probe: near, patterns: p.yaml}", "no pattern; name one of them")]
    public void A_bad_experiment_is_refused_before_the_folder_is_made(string from, string to, string message)
    {
        using ExperimentFolder experiment = new ExperimentFolder(Name).With((from, to));
        Run(experiment).AssertRefused(1, message);
        Assert.False(Directory.Exists(experiment.PathOf("run")));
    }

    /// <summary>
    /// A strength by which nothing can be measured is refused, one that float32 hardly resolves is said to be too small, and not too large.
    /// </summary>
    [Fact]
    public void A_given_strength_must_fit_what_float32_resolves_and_where_the_chains_are()
    {
        AssertStrength("1.0e-30", "changes the loss of full by less than float32 resolves: give at least");
        AssertStrength("1.0e+12", "times as far from their chains as these are from the checkpoint: give at most");
        using ExperimentFolder experiment = Perturbed("1.0e-3");
        Run(experiment).AssertDone();
        IEnumerable<string> notes = RunFolder.ReadManifest(experiment.PathOf("run")).Health.SelectMany(component => component.Notes);
        Assert.Contains(notes, note => note.StartsWith("the perturbation is too small", StringComparison.Ordinal));
        Assert.DoesNotContain(notes, note => note.StartsWith("the perturbation is too large", StringComparison.Ordinal));
    }

    private static void AssertStrength(string strength, string message)
    {
        using ExperimentFolder experiment = Perturbed(strength);
        Run(experiment).AssertRefused(1, message);
    }

    private static ExperimentFolder Perturbed(string strength) =>
        new ExperimentFolder(Name).With(
            ("noise_level: 0", "noise_level: 1"),
            ("chains: 1", "chains: 2"),
            ("loss_rows: 7", $"loss_rows: 7\n  perturbation_strength: {strength}")
        );

    /// <summary>
    /// A token is a byte, so that its id says whether it is a digit; a run is told by the file that says what a digit is.
    /// </summary>
    [Fact]
    public void The_tokens_of_a_pattern_are_observed_and_named_in_every_report()
    {
        using ExperimentFolder experiment = new ExperimentFolder(Name).With(
            ("noise_level: 0", "noise_level: 1"),
            ("chains: 1", "chains: 2"),
            ("loss_rows: 7", "loss_rows: 7\n  observable:\n    probe: near\n    pattern: low\n    patterns: p.yaml")
        );
        TokenizerFile.Save(
            Path.Combine(experiment.PathOf("model"), "tokenizer.json"),
            new BpeTokenizer([.. Enumerable.Range(0, 256).Select(b => new[] { (byte)b })], [], [])
        );
        File.WriteAllText(experiment.PathOf("p.yaml"), "patterns:\n  - name: low\n    matches: '^[\\x00-\\x0F]$'\n");
        Run(experiment).AssertDone();
        SusceptibilityRun run = RunFolder.Read(experiment.PathOf("run"));
        int low = run.Data.Tokens.Id.Where((id, token) => run.Data.Tokens.Probe[token] == 0 && id < 16).Count();
        Assert.InRange(low, 1, run.Data.Tokens.Count - 1);
        Assert.Equal(new ObservableRecord("near", "low", low), run.Manifest.Observable);

        string words = $"the {low} tokens of near that are low";
        Assert.Contains(
            words,
            CommandRun.Of("structure", experiment.PathOf("run"), "--verbose").AssertDone().Output,
            StringComparison.Ordinal
        );
        Assert.Equal(
            words,
            (string)JsonNode.Parse(CommandRun.Of("structure", experiment.PathOf("run"), "--json").AssertDone().Output)!["observable"]!
        );
        Run(experiment, "--resume").AssertDone();
        File.WriteAllText(experiment.PathOf("p.yaml"), "patterns:\n  - name: low\n    matches: '^[\\x00-\\x07]$'\n");
        Run(experiment, "--resume").AssertRefused(1, "another configuration, model or data");
    }

    [Fact]
    public void An_experiment_without_probes_is_refused()
    {
        using ExperimentFolder experiment = new(Name);
        string text = File.ReadAllText(experiment.Config);
        File.WriteAllText(experiment.Config, text[..text.IndexOf("probes:", StringComparison.Ordinal)]);
        Run(experiment).AssertRefused(1, "probes: there is none");
    }

    [Fact]
    public void Weights_that_are_not_numbers_are_refused_by_name()
    {
        using ExperimentFolder experiment = new(Name);
        using (FileStream weights = File.OpenWrite(Path.Combine(experiment.PathOf("model"), "model.safetensors")))
        {
            weights.Seek(-sizeof(float), SeekOrigin.End);
            weights.Write(BitConverter.GetBytes(float.NaN));
        }

        Run(experiment).AssertRefused(1, "holds NaN at element");
        Assert.False(Directory.Exists(experiment.PathOf("run")));
    }

    [Fact]
    public void Rows_that_do_not_fit_the_model_are_refused()
    {
        using ExperimentFolder experiment = new(Name);
        NpyFile.Write<ushort>(experiment.PathOf("far.npy"), [0, 1, 61, 3], 2, 2);
        Run(experiment).AssertRefused(1, "row 1, position 0");
        NpyFile.Write<ushort>(experiment.PathOf("far.npy"), new ushort[2 * 38], 2, 38);
        Run(experiment).AssertRefused(1, "rows have 38 tokens, more than the model's n_ctx of 37");
    }

    [Fact]
    public void A_folder_with_other_files_and_one_that_cannot_be_written_are_refused()
    {
        using ExperimentFolder experiment = new(Name);
        Directory.CreateDirectory(experiment.PathOf("run"));
        if (!OperatingSystem.IsWindows() && !Environment.IsPrivilegedProcess)
        {
            File.SetUnixFileMode(experiment.PathOf("run"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
            Run(experiment).AssertRefused(1, "cannot write");
            File.SetUnixFileMode(experiment.PathOf("run"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }

        File.WriteAllText(Path.Combine(experiment.PathOf("run"), "notes.txt"), "mine");
        Run(experiment).AssertRefused(1, "holds files that Curie did not write");
        Run(experiment, "--overwrite").AssertRefused(1, "holds files that Curie did not write");
        Assert.Equal("mine", File.ReadAllText(Path.Combine(experiment.PathOf("run"), "notes.txt")));
    }

    private static CommandRun Run(ExperimentFolder experiment, params string[] more) =>
        CommandRun.Of(["susceptibility", "--config", experiment.Config, "--out", experiment.PathOf("run"), .. more]);

    private static byte[] Arrays(ExperimentFolder experiment) =>
        File.ReadAllBytes(Path.Combine(experiment.PathOf("run"), "susceptibility.npz"));
}
