using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Networks.Regression;
using Curie.Numerics.Files;
using Curie.Studies.Configuration;
using Curie.Tests;

namespace Curie.Cli.Tests.Commands;

/// <summary>Training, evaluating and sampling a small regression transformer through the command line.</summary>
public sealed class RegressionCommandTests : IDisposable
{
    private const string Yaml = """
        task: {dimension: 2, examples: 4, tasks: 8}
        model: {preset: published, d_model: 16, n_heads: 2, d_head: 8, d_mlp: 16}
        out: run
        steps: 30
        batch_size: 32
        learning_rate: 0.01
        validation_sequences: 64
        checkpoints: {log: 3, linear: 2}
        """;

    private readonly TemporaryFolder _folder = new();

    public RegressionCommandTests() => File.WriteAllText(_folder.File("regression.yaml"), Yaml);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_is_trained_evaluated_and_sampled()
    {
        JsonNode trained = Json("regression", "train", "--config", _folder.File("regression.yaml"));
        Assert.Equal(30, (int)trained["steps"]!);
        Assert.True(File.Exists(_folder.File("run/checkpoint-15/model.safetensors")));
        Assert.Equal(31, File.ReadAllLines(_folder.File("run/train.csv")).Length);

        string scores = _folder.File("scores");
        Json(
            "regression",
            "evaluate",
            "--run",
            _folder.File("run"),
            "--out",
            scores,
            "--sequences",
            "128",
            "--outputs",
            "10",
            "--scale",
            "3"
        );
        string[] lines = File.ReadAllLines(Path.Combine(scores, "evaluation.csv"));
        JsonArray checkpoints = JsonNode.Parse(File.ReadAllText(Path.Combine(scores, "evaluation.json")))!["checkpoints"]!.AsArray();
        Assert.StartsWith("step,loss,loss_se,loss_1,", lines[0], StringComparison.Ordinal);
        Assert.Equal(checkpoints.Count, lines.Length - 1);
        Assert.Equal([0, 3, 10, 15, 30], checkpoints.Select(checkpoint => (int)checkpoint!["step"]!));
        Assert.All(["dmmse_loss", "ood_input_3_icl", "l1h1_entropy", "token_variance_1", "unembed_bias"], name =>
            Assert.NotNull(checkpoints[0]![name])
        );
        using (NpzReader outputs = NpzFile.Open(Path.Combine(scores, "outputs.npz")))
        {
            Assert.Equal([0, 3, 10, 15, 30], outputs.Read<long>("steps").ToArray());
            Assert.Equal([5, 40], outputs.Read<float>("outputs").Shape);
        }

        string[] sampling =
        [
            "llc",
            "--model",
            _folder.File("run/checkpoint-30"),
            "--component",
            "l0h1",
            "--component",
            "unembed",
            "--step-size",
            "1e-3",
            "--nbeta",
            "30",
            "--localization",
            "300",
            "--chains",
            "2",
            "--draws",
            "8",
            "--batch-size",
            "32",
            "--loss-rows",
            "64",
        ];
        JsonArray components = Json(sampling)["components"]!.AsArray();
        Assert.Equal(["l0h1", "unembed"], components.Select(component => (string)component!["component"]!));
        Assert.All(components, component => Assert.True((double)component!["llc_se"]! > 0));
        Assert.Equal(Json(sampling).ToJsonString(), Json([.. sampling, "--threads", "1"]).ToJsonString());

        string study = _folder.File("llc");
        Json(["llc", "--model", _folder.File("run"), "--every", "2", "--out", study, .. sampling[3..]]);
        string[][] rows = [.. File.ReadAllLines(Path.Combine(study, "llc.csv")).Select(line => line.Split(','))];
        Assert.Equal(1 + (3 * 2), rows.Length);
        string value = rows[^1][Array.IndexOf(rows[0], "value")];
        Assert.Equal((double)components[1]!["llc"]!, double.Parse(value, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void The_trajectory_of_predictions_is_followed()
    {
        File.WriteAllText(_folder.File("regression.yaml"), Yaml.Replace("linear: 2", "linear: 10", StringComparison.Ordinal));
        CommandRun.Of("regression", "train", "--config", _folder.File("regression.yaml")).AssertDone();
        string[] arguments = ["stages", "--checkpoints", _folder.File("run"), "--outputs", "90", "--json"];

        string followed = CommandRun.Of(arguments).AssertDone().Output;

        JsonNode dynamics = JsonNode.Parse(followed)!["dynamics"]!;
        Assert.Equal(Directory.GetDirectories(_folder.File("run"), "checkpoint-*").Length, dynamics["step"]!.AsArray().Count);
        Assert.Equal(3, dynamics["smooth"]!.AsArray().Count);
        CommandRun.Of([.. arguments, "--data", "rows.npy"]).AssertRefused(2, "leave --data out");
    }

    [Fact]
    public void The_shipped_configuration_is_the_published_network()
    {
        RegressionConfiguration configuration = RegressionConfiguration.Load(RepositoryFiles.Of("examples/development/regression.yaml"));

        Assert.Equal(RegressionArchitecture.Published, configuration.Architecture);
        Assert.Equal(new RegressionTask(), configuration.Task);
        Assert.Equal((256, 0.003), (configuration.Options.BatchSize, configuration.Options.LearningRate));
    }

    [Fact]
    public void What_does_not_fit_is_refused_in_a_sentence()
    {
        Json("regression", "train", "--config", _folder.File("regression.yaml"));
        string checkpoint = _folder.File("run/checkpoint-0");

        CommandRun.Of("llc", "--model", checkpoint, "--data", "rows.npy").AssertRefused(1, "leave --data out");
        CommandRun
            .Of("loss", "--model", checkpoint, "--tokens", "rows.npy", "--out", _folder.File("losses.npy"))
            .AssertRefused(1, "a regression transformer");
        CommandRun
            .Of("regression", "evaluate", "--run", _folder.Path, "--out", _folder.File("scores"))
            .AssertRefused(1, "there is no checkpoint");
        CommandRun.Of("regression", "train", "--config", _folder.File("regression.yaml")).AssertRefused(1, "holds a run already");
        File.WriteAllText(_folder.File("wrong.yaml"), Yaml.Replace("dimension", "dimensions", StringComparison.Ordinal));
        CommandRun.Of("regression", "train", "--config", _folder.File("wrong.yaml")).AssertRefused(1, "did you mean \"dimension\"");
    }

    private static JsonNode Json(params string[] arguments) => JsonNode.Parse(CommandRun.Of([.. arguments, "--json"]).AssertDone().Output)!;
}
