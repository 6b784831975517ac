using Curie.Networks.Architecture;
using Curie.Networks.Restricted;
using Curie.Numerics.Kernels;
using Curie.Numerics.Simd;

namespace Curie.Networks.Tests.Restricted;

/// <summary>The shortcut of a head of the last layer against the plain forward pass of the whole network.</summary>
public sealed class LastLayerHeadRowsTests
{
    private const int Vectors = 3;

    /// <summary>
    /// Logits are float32 sums of up to a few hundred products in another order than the plain pass takes them; with logits below 30 that is
    /// a few units of 2·10⁻⁶.
    /// </summary>
    private const double Tolerance = 2e-5;

    public static TheoryData<int, PositionalEmbedding, SimdWidth> Cases
    {
        get
        {
            TheoryData<int, PositionalEmbedding, SimdWidth> cases = [];
            foreach (SimdWidth width in Kernels.SupportedWidths)
            {
                for (int size = 0; size < 3; size++)
                {
                    cases.Add(size, PositionalEmbedding.Standard, width);
                    cases.Add(size, PositionalEmbedding.Shortformer, width);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Losses_are_those_of_the_plain_pass_at_the_checkpoint_and_far_from_it(int size, PositionalEmbedding positions, SimdWidth width)
    {
        using HeadProblem problem = new(Config(size, positions), size % 3, Vectors, width);
        using LastLayerHeadRows rows = problem.Freeze(null, long.MaxValue);
        rows.UseSpareMemory(long.MaxValue);
        int tokens = HeadProblem.Rows * problem.PerRow;
        float[] losses = new float[Vectors * tokens];
        double[] means = new double[Vectors * HeadProblem.Rows];
        rows.Losses(HeadProblem.Points(Vectors), losses, means);
        float[] first = problem.Plain(0).Losses;
        for (int vector = 0; vector < Vectors; vector++)
        {
            (float[] plain, double[] plainMeans) = problem.Plain(vector);
            for (int i = 0; i < tokens; i++)
            {
                Assert.Equal(plain[i], losses[(vector * tokens) + i], Tolerance);
            }

            for (int row = 0; row < HeadProblem.Rows; row++)
            {
                Assert.Equal(plainMeans[row], means[(vector * HeadProblem.Rows) + row], Tolerance);
            }

            // Far means far: otherwise nothing but w* would have been tested.
            Assert.Equal(vector > 0, plain.Zip(first, (a, b) => Math.Abs(a - b)).Max() > 0.1);
        }
    }

    [Fact]
    public void Wanted_positions_have_the_losses_that_they_have_among_all()
    {
        using HeadProblem problem = new(Config(1, PositionalEmbedding.Shortformer), 1, Vectors, NetworkFixture.Widest);
        using LastLayerHeadRows all = problem.Freeze(null, 0);
        int tokens = HeadProblem.Rows * problem.PerRow;
        float[] every = HeadProblem.Losses(all, Vectors, tokens);

        // The third row is left out, the last position of the others too.
        int[] slots = [.. Enumerable.Range(0, tokens).Where(i => i % 7 < 3 && i / problem.PerRow != 2 && i % problem.PerRow < problem.PerRow - 3)];
        using LastLayerHeadRows some = problem.Freeze(slots, long.MaxValue);
        float[] wanted = HeadProblem.Losses(some, Vectors, slots.Length);
        Assert.Equal([.. Enumerable.Range(0, Vectors).SelectMany(v => slots.Select(slot => every[(v * tokens) + slot]))], wanted);
        Assert.Throws<ArgumentException>(() => some.Losses(HeadProblem.Points(1), wanted, new double[HeadProblem.Rows]));
        Assert.Throws<ArgumentException>(() => problem.Freeze([5, 4], 0));
    }

    [Fact]
    public void Memory_changes_no_bit_and_is_kept_to()
    {
        using HeadProblem problem = new(Config(1, PositionalEmbedding.Standard), 0, Vectors, NetworkFixture.Widest);
        int tokens = HeadProblem.Rows * problem.PerRow;
        using LastLayerHeadRows nothing = problem.Freeze(null, 0);
        Assert.Equal(0, nothing.FrozenBytes);
        float[] truth = HeadProblem.Losses(nothing, Vectors, tokens);
        using LastLayerHeadRows everything = problem.Freeze(null, long.MaxValue);
        long state = everything.FrozenBytes;
        Assert.Equal(truth, HeadProblem.Losses(everything, Vectors, tokens));
        everything.UseSpareMemory(long.MaxValue);
        long logits = everything.FrozenBytes - state;
        Assert.Equal(truth, HeadProblem.Losses(everything, Vectors, tokens));
        Assert.Equal((long)tokens * 701 * sizeof(float), logits);

        using LastLayerHeadRows part = problem.Freeze(null, state * 3 / 5);
        part.UseSpareMemory((logits * 3 / 5) - 1);
        Assert.Equal(truth, HeadProblem.Losses(part, Vectors, tokens));
        Assert.Equal((state * 3 / 5) + (logits * 2 / 5), part.FrozenBytes);
    }

    [Fact]
    public void Any_number_of_workers_and_any_company_gives_the_same_bits()
    {
        TransformerConfig config = Config(1, PositionalEmbedding.Standard);
        int tokens = HeadProblem.Rows * (config.ContextLength - 1);
        using HeadProblem one = new(config, 2, Vectors, NetworkFixture.Widest);
        using LastLayerHeadRows rows = one.Freeze(null, long.MaxValue);
        float[] truth = HeadProblem.Losses(rows, Vectors, tokens);
        foreach (int workers in new[] { 2, 3 })
        {
            using HeadProblem problem = new(config, 2, Vectors, NetworkFixture.Widest, workers);
            using LastLayerHeadRows several = problem.Freeze(null, long.MaxValue);
            Assert.Equal(truth, HeadProblem.Losses(several, Vectors, tokens));
        }

        one.Load(2, 0);
        Assert.Equal(truth[(2 * tokens)..], HeadProblem.Losses(rows, 1, tokens));
    }

    [Fact]
    public void An_evaluation_allocates_nothing_once_warm()
    {
        using HeadProblem problem = new(Config(1, PositionalEmbedding.Shortformer), 0, Vectors, NetworkFixture.Widest);
        using LastLayerHeadRows rows = problem.Freeze(null, 0);
        float[] losses = new float[Vectors * HeadProblem.Rows * problem.PerRow];
        LoadedWeights[] points = HeadProblem.Points(Vectors);
        for (int run = 0; run < 2; run++)
        {
            Run();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            problem.Heads.Load(1);
            rows.Losses(points, losses, []);
        }
    }

    [Fact]
    public void Only_a_head_of_the_last_layer_with_nothing_behind_it_takes_the_shortcut()
    {
        TransformerConfig config = Config(0, PositionalEmbedding.Standard);
        Assert.Equal(2, Find(config, "l1h2"));
        Assert.Equal(0, Find(config with { Heads = 1 }, "l1h0"));
        Assert.All(new[] { "l0h2", "l1h0+l1h1", "l1h0+l0h0", "l1", "l1.attn", "full", "embed", "unembed" }, name => Assert.Null(Find(config, name)));
        Assert.Null(Find(config with { MlpWidth = 8 }, "l1h2"));

        static int? Find(TransformerConfig config, string name)
        {
            Curie.Networks.Parameters.ParameterLayout layout = new(config);
            return LastLayerHead.Find(layout, new Curie.Networks.Components.ComponentParser(layout).Parse(name).Restriction);
        }
    }

    private static TransformerConfig Config(int size, PositionalEmbedding positions) => size switch
    {
        0 => new() { Layers = 2, ModelWidth = 20, Heads = 3, HeadWidth = 5, ContextLength = 12, Vocabulary = 67, Positions = positions },
        1 => new() { Layers = 2, ModelWidth = 48, Heads = 3, HeadWidth = 16, ContextLength = 131, Vocabulary = 701, Positions = positions },
        _ => new() { Layers = 1, ModelWidth = 130, Heads = 4, HeadWidth = 33, ContextLength = 40, Vocabulary = 1001, Positions = positions },
    };
}
