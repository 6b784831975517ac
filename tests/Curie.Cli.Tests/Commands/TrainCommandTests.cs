using Curie.Numerics.Files;
using Curie.Tests;

namespace Curie.Cli.Tests.Commands;

public sealed class TrainCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TrainCommandTests()
    {
        ushort[] tokens = [.. Enumerable.Range(0, 40 * 8).Select(i => (ushort)(i % 8 == 0 ? 0 : i * 7919 % 19))];
        NpyFile.Write<ushort>(_folder.File("rows.npy"), tokens, 40, 8);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_finished_training_is_continued_with_more_steps_to_the_same_bytes()
    {
        Train("short", steps: 12).AssertDone();
        Train("whole", steps: 30).AssertDone();
        Train("short", steps: 30, "--resume").AssertDone();

        foreach (string file in (string[])["train.csv", "checkpoint-30/model.safetensors", "checkpoint-0/model.safetensors"])
        {
            Assert.Equal(File.ReadAllBytes(_folder.File($"whole/{file}")), File.ReadAllBytes(_folder.File($"short/{file}")));
        }

        Assert.True(File.Exists(_folder.File("short/checkpoint-12/model.safetensors")));
        Train("short", steps: 30, "--resume").AssertDone();
        Train("short", steps: 20, "--resume").AssertRefused(1, "holds a training of 30 steps, more than the 20 asked for");
        Train("short", steps: 60, ["--resume"], rate: "0.02").AssertRefused(1, "other settings, data or initial weights");
    }

    [Fact]
    public void A_tokenizer_with_more_tokens_than_the_network_is_refused()
    {
        File.WriteAllText(_folder.File("text.txt"), string.Concat(Enumerable.Range(0, 400).Select(i => $"{i * 7919 % 1009} and ")));
        CommandRun
            .Of("tokenizer", "train", "--data", _folder.File("text.txt"), "--vocab", "270", "--out", _folder.File("t.json"))
            .AssertDone();
        Train("run", steps: 4, [], tokenizer: "t.json").AssertRefused(1, "t.json has 270 tokens and the network a d_vocab of 20");
        Assert.False(Directory.Exists(_folder.File("run")));
    }

    /// <summary>
    /// Weights of one are no weights, to the last bit; weights that leave rows out train as the rows that are left do, up to how many rows
    /// the mean is over.
    /// </summary>
    [Fact]
    public void Token_weights_decide_what_is_learned()
    {
        Train("plain", steps: 12).AssertDone();
        Weigh(_ => 1);
        Train("ones", steps: 12, [], more: "token_weights: weights.npy").AssertDone();
        Assert.Equal(
            File.ReadAllBytes(_folder.File("plain/checkpoint-12/model.safetensors")),
            File.ReadAllBytes(_folder.File("ones/checkpoint-12/model.safetensors"))
        );

        // A prediction without weight: whatever token stands there in the last place is not learned.
        Weigh(position => position == 6 ? 0 : 1);
        Train("cut", steps: 12, [], more: "token_weights: weights.npy").AssertDone();
        ushort[] tokens =
        [
            .. Enumerable
                .Range(0, 40 * 8)
                .Select(i =>
                    (ushort)(
                        i % 8 == 0 ? 0
                        : i % 8 == 7 ? 19
                        : i * 7919 % 19
                    )
                ),
        ];
        NpyFile.Write<ushort>(_folder.File("rows.npy"), tokens, 40, 8);
        Train("other", steps: 12, [], more: "token_weights: weights.npy").AssertDone();
        Assert.Equal(
            File.ReadAllBytes(_folder.File("cut/checkpoint-12/model.safetensors")),
            File.ReadAllBytes(_folder.File("other/checkpoint-12/model.safetensors"))
        );
        Weigh(position => position + 1);
        Train("cut", steps: 24, ["--resume"], more: "token_weights: weights.npy")
            .AssertRefused(1, "other settings, data or initial weights");
        NpyFile.Write<float>(_folder.File("weights.npy"), new float[40], 40, 1);
        Train("bad", steps: 4, [], more: "token_weights: weights.npy").AssertRefused(1, "weights need the shape (40, 7)");
        Assert.False(Directory.Exists(_folder.File("bad")));
    }

    private void Weigh(Func<int, float> weight) =>
        NpyFile.Write<float>(_folder.File("weights.npy"), [.. Enumerable.Range(0, 40 * 7).Select(i => weight(i % 7))], 40, 7);

    private CommandRun Train(string folder, int steps, params string[] options) => Train(folder, steps, options, rate: "0.01");

    private CommandRun Train(string folder, int steps, string[] options, string rate = "0.01", string? tokenizer = null, string more = "")
    {
        File.WriteAllText(
            _folder.File("train.yaml"),
            $$"""
            model: {n_layers: 1, d_model: 8, n_heads: 2, d_head: 4, n_ctx: 8, d_vocab: 20, attn_only: true}
            data: rows.npy
            out: {{folder}}
            steps: {{steps}}
            batch_size: 4
            learning_rate: {{rate}}
            warmup_steps: 3
            checkpoints: {log: 0, linear: 1}
            {{(tokenizer is null ? "" : $"tokenizer: {tokenizer}")}}
            {{more}}
            """
        );
        return CommandRun.Of(["train", "--config", _folder.File("train.yaml"), .. options]);
    }
}
