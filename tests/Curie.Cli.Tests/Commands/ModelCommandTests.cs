using System.Text.Json.Nodes;
using Curie.Networks.Architecture;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Tests;
using Curie.Text.Packing;

namespace Curie.Cli.Tests.Commands;

/// <summary>Training and evaluating a tiny model through the command line.</summary>
public sealed class ModelCommandTests : IDisposable
{
    private const int Steps = 12;
    private readonly TemporaryFolder _folder = new();

    public ModelCommandTests()
    {
        using TokenRows rows = RepeatedBlocks.Rows(count: 6, contextLength: 9, vocabularySize: 20, bosId: 0, seed: 1);
        rows.Save(_folder.File("rows.npy"));
        File.WriteAllText(
            _folder.File("train.yaml"),
            $$"""
            model: {n_layers: 1, d_model: 16, n_heads: 2, d_head: 8, n_ctx: 9, d_vocab: 20, attn_only: true}
            data: rows.npy
            validation: rows.npy
            out: run
            steps: {{Steps}}
            batch_size: 4
            checkpoints: {log: 2, linear: 3}
            """
        );
    }

    private string Run => _folder.File("run");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Training_writes_a_loss_for_every_step_and_checkpoints()
    {
        CommandRun.Of("train", "--config", _folder.File("train.yaml")).AssertDone();

        string[] lines = File.ReadAllLines(Path.Combine(Run, "train.csv"));
        Assert.Equal("step,loss", lines[0]);
        Assert.Equal(Enumerable.Range(0, Steps).Select(step => $"{step}"), lines[1..].Select(line => line.Split(',')[0]));
        Assert.Equal(16, ModelReader.LoadConfig(Path.Combine(Run, $"checkpoint-{Steps}")).ModelWidth);
        Assert.Equal(Steps, (int)JsonNode.Parse(File.ReadAllText(Path.Combine(Run, "manifest.json")))!["configuration"]!["steps"]!);

        CommandRun.Of("train", "--config", _folder.File("train.yaml")).AssertRefused(1, "--resume");
        CommandRun.Of("train", "--config", _folder.File("train.yaml"), "--resume").AssertDone();
        CommandRun.Of("train", "--config", _folder.File("train.yaml"), "--resume", "--overwrite").AssertRefused(2, "give one of the two");
    }

    [Fact]
    public void Losses_that_are_no_numbers_are_refused_and_nothing_is_written()
    {
        string folder = _folder.File("model");
        TransformerConfig config = new()
        {
            Layers = 1,
            ModelWidth = 16,
            Heads = 2,
            HeadWidth = 8,
            ContextLength = 9,
            Vocabulary = 20,
        };
        using (ParameterSet parameters = new(new ParameterLayout(config)))
        {
            // Finite weights whose products are not: (3·10³⁸)² is beyond float32.
            parameters.Values.Fill(3e38f);
            ModelFolder.Save(folder, parameters);
        }

        CommandRun
            .Of("loss", "--model", folder, "--tokens", _folder.File("rows.npy"), "--out", _folder.File("l.npy"))
            .AssertRefused(1, "the loss of row 0 is NaN; use a checkpoint whose training did not diverge");
        Assert.Empty(Directory.GetFiles(_folder.Path, "l.npy*"));
    }

    [Fact]
    public void Any_number_of_threads_trains_the_same_bits_and_another_seed_does_not()
    {
        byte[] one = Train("one", "--threads", "1");
        Assert.Equal(one, Train("three", "--threads", "3"));
        Assert.NotEqual(one, Train("other", "--seed", "2"));
    }

    // The system refuses so many threads, and the process used to end.
    [Fact]
    public void More_threads_than_cores_are_not_started_and_the_program_says_so()
    {
        CommandRun run = CommandRun.Of("train", "--config", _folder.File("train.yaml"), "--threads", "100000").AssertDone();
        string cores = Counted.Of(Environment.ProcessorCount, "core");
        Assert.Contains(
            $"--threads is 100000, and this machine has {cores}: so many threads are used.",
            run.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_interrupted_run_says_how_to_resume_and_ends_at_the_same_bits()
    {
        byte[] whole = Train("whole");
        CommandRun
            .With("", new CancellationToken(canceled: true), "train", "--config", _folder.File("train.yaml"))
            .AssertRefused(130, "give the same command with --resume");
        CommandRun.Of("train", "--config", _folder.File("train.yaml"), "--resume").AssertDone();
        Assert.Equal(whole, Weights(Run));
    }

    [Fact]
    public void Overwriting_deletes_the_old_checkpoints()
    {
        Train("run");
        string config = _folder.File("train.yaml");
        File.WriteAllText(config, File.ReadAllText(config).Replace("steps: 12", "steps: 5", StringComparison.Ordinal));
        CommandRun.Of("train", "--config", config, "--overwrite").AssertDone();
        Assert.False(Directory.Exists(Path.Combine(Run, $"checkpoint-{Steps}")));
        Assert.True(Directory.Exists(Path.Combine(Run, "checkpoint-5")));
    }

    [Fact]
    public void Losses_agree_with_the_first_training_loss_and_with_their_mean()
    {
        // With one batch of all rows in order, the loss before the first update is the mean over all tokens of the initial weights.
        string config = _folder.File("train.yaml");
        File.WriteAllText(
            config,
            File.ReadAllText(config).Replace("batch_size: 4", "batch_size: 6\norder: sequential", StringComparison.Ordinal)
        );
        CommandRun.Of("train", "--config", config).AssertDone();
        double first = double.Parse(
            File.ReadAllLines(Path.Combine(Run, "train.csv"))[1].Split(',')[1],
            System.Globalization.CultureInfo.InvariantCulture
        );

        string losses = _folder.File("losses.npy");
        CommandRun run = CommandRun
            .Of("loss", "--model", Path.Combine(Run, "checkpoint-0"), "--tokens", _folder.File("rows.npy"), "--out", losses, "--json")
            .AssertDone();
        using NpyArray<float> array = NpyFile.Read<float>(losses);
        JsonNode json = JsonNode.Parse(run.Output)!;

        Assert.Equal([6, 8], array.Shape);

        // Each loss is of order 3 and rounded to float32 (relative 6e-8); the sums are in float64; the log keeps 9 digits.
        Assert.Equal(array.ToArray().Average(loss => (double)loss), (double)json["mean_loss"]!, 1e-6);
        Assert.Equal(first, (double)json["mean_loss"]!, 1e-6);
        double[] rows = [.. array.ToArray().Chunk(8).Select(row => row.Average(loss => (double)loss))];
        double variance = rows.Sum(row => Math.Pow(row - rows.Average(), 2)) / 5;
        Assert.Equal(Math.Sqrt(variance / 6), (double)json["mean_loss_se"]!, 1e-6);
    }

    [Fact]
    public void Tokens_outside_the_vocabulary_are_refused()
    {
        Train("run");
        NpyFile.Write<ushort>(_folder.File("bad.npy"), [0, 1, 20, 3], 2, 2);
        CommandRun
            .Of("loss", "--model", Path.Combine(Run, "checkpoint-0"), "--tokens", _folder.File("bad.npy"), "--out", _folder.File("l.npy"))
            .AssertRefused(1, "row 1, position 0");
        Assert.False(File.Exists(_folder.File("l.npy")));
    }

    private byte[] Train(string name, params string[] more)
    {
        CommandRun.Of(["train", "--config", _folder.File("train.yaml"), "--out", _folder.File(name), .. more]).AssertDone();
        return Weights(_folder.File(name));
    }

    private static byte[] Weights(string run) => File.ReadAllBytes(Path.Combine(run, $"checkpoint-{Steps}", "model.safetensors"));
}
