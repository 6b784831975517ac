using Curie.Development.Effects;
using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Numerics.Parallelism;
using Curie.Response.Runs;
using Curie.Text.Packing;

namespace Curie.Development.Tests.Effects;

public sealed class PathAblationTests
{
    private const int Rows = 3;
    private const int Positions = 8;

    private static readonly TransformerConfig AttentionOnly = new()
    {
        Layers = 3,
        ModelWidth = 12,
        Heads = 2,
        HeadWidth = 6,
        ContextLength = 9,
        Vocabulary = 20,
        Positions = PositionalEmbedding.Standard,
    };

    private static readonly TransformerConfig WithMlps = AttentionOnly with { MlpWidth = 16 };

    [Fact]
    public void Every_pair_of_a_head_and_a_head_of_a_later_layer_is_measured()
    {
        using ParameterSet parameters = Random(WithMlps, 1);
        PathEffect[] paths = Measure(parameters, 1);
        Assert.Equal(12, paths.Length);
        Assert.Equal(("l0h0", "l1h0"), (paths[0].Sender, paths[0].Receiver));
        Assert.Equal(("l1h1", "l2h1"), (paths[^1].Sender, paths[^1].Receiver));
        Assert.All(paths, path => Assert.True(path.Change.Max(Math.Abs) > 1e-4));
    }

    /// <summary>
    /// A receiver without output passes nothing on, and a sender without output has nothing to pass on: then the losses are those of the
    /// whole network, to the rounding of losses near 3 in float32.
    /// </summary>
    [Fact]
    public void A_path_from_or_to_a_head_without_output_changes_nothing()
    {
        using ParameterSet parameters = Random(WithMlps, 2);
        parameters.Slice(parameters.Layout.Blocks[0].Output, 1).Clear();
        parameters.Slice(parameters.Layout.Blocks[2].Output, 0).Clear();
        Assert.All(Measure(parameters, 1), path =>
            Assert.Equal(path.Sender != "l0h1" && path.Receiver != "l2h0", path.Change.Max(Math.Abs) > 1e-5)
        );
    }

    /// <summary>
    /// The truth is a plain computation: a network without the sender says what the receiver would add, and the whole network is run again
    /// with that.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_change_is_that_of_a_plain_computation(int threads)
    {
        using ParameterSet parameters = Random(AttentionOnly, 3);
        PathEffect[] paths = Measure(parameters, threads);
        using TokenRows rows = Text();
        PlainNetwork plain = new(parameters);
        int[][] texts = [.. Enumerable.Range(0, Rows).Select(rows.Row)];
        var whole = texts.Select(text => plain.Run(text)).ToArray();
        foreach (PathEffect path in paths)
        {
            ((int layer, int head), (int to, int receiver)) = (Place(path.Sender), Place(path.Receiver));
            double[] mean = Mean([.. whole.SelectMany(run => run.Outputs[layer][head])]);
            for (int row = 0; row < Rows; row++)
            {
                var without = plain.Run(texts[row], (l, h, _) => (l, h) == (layer, head) ? mean : null);
                var patched = plain.Run(texts[row], (l, h, t) => (l, h) == (to, receiver) ? without.Outputs[l][h][t] : null);
                for (int t = 0; t < Positions; t++)
                {
                    // Differences of losses near 3, each rounded to float32 after sums in float32.
                    Assert.Equal(patched.Losses[t] - whole[row].Losses[t], path.Change[(row * Positions) + t], 5e-5);
                }
            }
        }
    }

    private static (int Layer, int Head) Place(string name) => (name[1] - '0', name[3] - '0');

    private static double[] Mean(double[][] vectors) =>
        [.. Enumerable.Range(0, vectors[0].Length).Select(d => vectors.Average(vector => vector[d]))];

    private static PathEffect[] Measure(ParameterSet parameters, int threads)
    {
        using Machine machine = Machine.Create(threads);
        using TokenRows rows = Text();
        TokenTable tokens = new(Rows * Positions);
        for (int i = 0; i < tokens.Count; i++)
        {
            (tokens.Row[i], tokens.Position[i]) = (i / Positions, i % Positions);
        }

        return [.. PathAblation.Of(parameters, tokens, [rows], rows, Rows, machine)];
    }

    private static TokenRows Text()
    {
        System.Random random = new(9);
        return new TokenRows(
            [.. Enumerable.Range(0, Rows * (Positions + 1)).Select(_ => random.Next(AttentionOnly.Vocabulary))],
            Positions + 1
        );
    }

    private static ParameterSet Random(TransformerConfig config, int seed)
    {
        ParameterSet parameters = new(new ParameterLayout(config));
        System.Random random = new(seed);
        foreach (ref float value in parameters.Values)
        {
            value = (float)((2 * random.NextDouble()) - 1);
        }

        return parameters;
    }
}
