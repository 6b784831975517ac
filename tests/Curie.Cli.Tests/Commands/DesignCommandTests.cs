using System.Text.Json.Nodes;
using Curie.Numerics.Files;

namespace Curie.Cli.Tests.Commands;

/// <summary>Weights designed from a run of a tiny model, and a training on them.</summary>
public sealed class DesignCommandTests : IClassFixture<ExampleFiles>
{
    private readonly ExampleFiles _files;

    public DesignCommandTests(ExampleFiles files) => _files = files;

    [Fact]
    public void A_design_says_what_is_predicted_and_training_goes_on_with_its_weights()
    {
        string weights = _files.PathOf("w.npy");
        CommandRun told = Design("--mode", "1", "--probe", "text", "--spread", "0.5", "--out", weights).AssertDone();
        Assert.Contains(
            "are predicted to change λ̂ along mode 1 of heads by",
            string.Join(' ', told.Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
        Assert.Contains("Mean weight by pattern", told.Output, StringComparison.Ordinal);
        Assert.All(told.Output.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 100));
        using NpyArray<float> written = NpyFile.Read<float>(weights);
        using NpyArray<int> rows = NpyFile.ReadIntegers(_files.PathOf("heldout.npy"));
        Assert.Equal([rows.Shape[0], rows.Shape[1] - 1], written.Shape);

        // Four rows have weights of mean 1, all others 1.
        Assert.Equal(1, written.Span.ToArray().Average(), 1e-5);
        Assert.Equal(4, Enumerable.Range(0, (int)rows.Shape[0]).Count(row => written.Row(row).IndexOfAnyExcept(1f) >= 0));
        JsonNode record = JsonNode.Parse(File.ReadAllText(_files.PathOf("w.json")))!;
        Assert.Equal(8, record["predictions"]!.AsArray().Count);
        Assert.Equal(0.5, (double)record["spread"]!, 0.2);

        Design("--mode", "1", "--probe", "text", "--out", weights).AssertRefused(1, "w.npy exists already; give --overwrite to replace it");
        File.WriteAllText(
            _files.PathOf("retrain.yaml"),
            $$"""
            init: {{_files.PathOf("model/checkpoint-1000")}}
            data: {{_files.PathOf("heldout.npy")}}
            token_weights: {{weights}}
            out: {{_files.PathOf("retrained")}}
            steps: 3
            batch_size: 4
            checkpoints: {log: 0, linear: 1}
            """
        );
        CommandRun.Of("train", "--config", _files.PathOf("retrain.yaml")).AssertDone();
        Assert.True(File.Exists(_files.PathOf("retrained/checkpoint-3/model.safetensors")));
    }

    [Fact]
    public void A_shuffled_design_has_the_same_weights_elsewhere_and_predicts_nothing()
    {
        Design("--component", "l1h2", "--probe", "text", "--amount", "-0.01", "--out", _files.PathOf("a.npy")).AssertDone();
        JsonNode shuffled = JsonNode.Parse(
            Design(
                    "--component",
                    "l1h2",
                    "--probe",
                    "text",
                    "--amount",
                    "-0.01",
                    "--shuffle",
                    "3",
                    "--json",
                    "--out",
                    _files.PathOf("b.npy")
                )
                .AssertDone()
                .Output
        )!;
        Assert.Empty(shuffled["predictions"]!.AsArray());
        Assert.Contains("a control", (string)shuffled["conclusion"]![0]!, StringComparison.Ordinal);
        using NpyArray<float> first = NpyFile.Read<float>(_files.PathOf("a.npy"));
        using NpyArray<float> second = NpyFile.Read<float>(_files.PathOf("b.npy"));
        Assert.Equal(first.Span.ToArray().Order(), second.Span.ToArray().Order());
        Assert.False(first.Span.SequenceEqual(second.Span));
    }

    [Fact]
    public void What_is_missing_is_said_in_a_sentence()
    {
        Design("--mode", "1", "--out", _files.PathOf("c.npy"))
            .AssertRefused(1, "the run has 2 probes (text, repeats); name the one that holds the training data with --probe");
        Design("--mode", "1", "--probe", "code", "--out", _files.PathOf("c.npy")).AssertRefused(1, "the run has no probe named code");
        Design("--probe", "text", "--out", _files.PathOf("c.npy")).AssertRefused(2, "Give either --mode or --component");
        Design("--mode", "1", "--amount", "1", "--spread", "1", "--probe", "text", "--out", _files.PathOf("c.npy"))
            .AssertRefused(2, "Give --amount or --spread, not both");
        Assert.False(File.Exists(_files.PathOf("c.npy")));
    }

    private CommandRun Design(params string[] arguments) => CommandRun.Of(["design", _files.PathOf("runs/chi"), .. arguments]);
}
