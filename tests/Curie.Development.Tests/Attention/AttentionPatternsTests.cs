using Curie.Development.Attention;
using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Tests;

namespace Curie.Development.Tests.Attention;

public sealed class AttentionPatternsTests
{
    private const int Positions = 20;
    private static readonly (int Probe, int Row)[] Rows = [(0, 3), (1, 0), (0, 5)];

    private static readonly TransformerConfig Config = new()
    {
        Layers = 2,
        ModelWidth = 24,
        Heads = 4,
        HeadWidth = 8,
        ContextLength = 30,
        Vocabulary = 50,
        Positions = PositionalEmbedding.Shortformer,
    };

    /// <summary>Within half a step of 1/255 of the pass over the whole row, whose later tokens no position sees.</summary>
    [Fact]
    public void Weights_are_those_of_a_forward_pass_to_within_half_a_step()
    {
        string[] components = ["l1h2", "l0.attn", "l0h1"];
        using ParameterSet parameters = Random(Config);
        AttentionPatterns patterns = Measure(parameters, components, workers: 1);

        Assert.Equal([0, 2], patterns.Components);
        Kernels kernels = Kernels.FromEnvironment();
        using Machine machine = new(kernels, threads: 1);
        using TransformerWeights weights = new(parameters, machine);
        using RowPass pass = new(Config, kernels);
        for (int row = 0; row < Rows.Length; row++)
        {
            Tokens(row).CopyTo(pass.BeginRow(Config.ContextLength));
            pass.Forward(weights);
            for (int query = 0; query < Positions; query++)
            {
                ReadOnlySpan<byte> first = patterns.Weights(row, 0, query);
                ReadOnlySpan<byte> second = patterns.Weights(row, 1, query);
                Assert.Equal(query + 1, first.Length);
                for (int key = 0; key <= query; key++)
                {
                    // Float32 rounding of the two passes is far below the half step that is allowed besides.
                    Assert.Equal(pass.AttentionProbability(1, 2, query, key), first[key] / 255.0, (0.5 / 255) + 1e-5);
                    Assert.Equal(pass.AttentionProbability(0, 1, query, key), second[key] / 255.0, (0.5 / 255) + 1e-5);
                }
            }
        }
    }

    [Fact]
    public void The_bytes_do_not_depend_on_the_threads_and_come_back_from_a_file()
    {
        using TemporaryFolder folder = new();
        using ParameterSet parameters = Random(Config);
        string[] components = ["l0h0", "l1h3"];
        Measure(parameters, components, workers: 1).Write(folder.File("one.npz"));
        Measure(parameters, components, workers: 2).Write(folder.File("two.npz"));

        Assert.Equal(File.ReadAllBytes(folder.File("one.npz")), File.ReadAllBytes(folder.File("two.npz")));
        AttentionPatterns written = Measure(parameters, components, workers: 1);
        AttentionPatterns read = AttentionPatterns.Read(folder.File("one.npz"));
        Assert.Equal(Positions, read.Positions);
        Assert.Equal(Rows, read.Rows);
        Assert.Equal([0, 1], read.Components);
        Assert.True(read.Weights(2, 1, 7).SequenceEqual(written.Weights(2, 1, 7)));
    }

    [Fact]
    public void Heads_that_share_keys_and_values_are_kept_as_their_mean()
    {
        using ParameterSet parameters = Random(Config with { KeyValueHeads = 2 });
        AttentionPatterns group = Measure(parameters, ["l1g1"], workers: 1);
        AttentionPatterns heads = Measure(parameters, ["l1h2", "l1h3"], workers: 1);

        for (int key = 0; key <= 11; key++)
        {
            // The mean is rounded once, and each of the two once: half a step each.
            Assert.Equal((heads.Weights(0, 0, 11)[key] + heads.Weights(0, 1, 11)[key]) / 2.0, group.Weights(0, 0, 11)[key], 1.0);
        }
    }

    [Fact]
    public void A_file_whose_arrays_do_not_fit_is_refused()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("attention.npz");
        NpzFile.Write(path, NpzCompression.Stored, writer =>
        {
            writer.Add<byte>("attention", new byte[5], [1, 1, 5]);
            writer.Add<int>("component", [0], [1]);
            writer.Add<int>("row_probe", [0], [1]);
            writer.Add<int>("row", [0], [1]);
        });

        Assert.Contains("do not fit", Assert.Throws<InputException>(() => AttentionPatterns.Read(path)).Message, StringComparison.Ordinal);
    }

    private static AttentionPatterns Measure(ParameterSet parameters, string[] components, int workers)
    {
        using Machine machine = new(Kernels.FromEnvironment(), workers);
        using TransformerWeights weights = new(parameters, machine);
        return AttentionPatterns.Of(weights, components, Rows, [.. Rows.Select((_, row) => Tokens(row))], Positions, machine);
    }

    private static int[] Tokens(int row) => [.. Enumerable.Range(0, Config.ContextLength).Select(i => ((7 * i * i) + (11 * row)) % 50)];

    private static ParameterSet Random(TransformerConfig config)
    {
        ParameterSet parameters = new(new ParameterLayout(config));
        for (int i = 0; i < parameters.Values.Length; i++)
        {
            parameters.Values[i] = (float)(Math.Sin(12.9898 * i) * 43758.5453 % 1) * 0.8f;
        }

        return parameters;
    }
}
