using Curie.Numerics;
using Curie.Response.Matching;
using Curie.Response.Runs;
using Curie.Response.Tests.Accumulation;
using Curie.Response.Tests.Reproducibility;

namespace Curie.Response.Tests.Matching;

public sealed class RunMatchingTests
{
    private const int Tokens = 2000;

    [Fact]
    public void The_assignment_is_the_best_of_all_permutations()
    {
        System.Random random = new(4);
        for (int trial = 0; trial < 30; trial++)
        {
            double[,] gain = new double[5, 5];
            for (int c = 0; c < 5; c++)
            {
                for (int d = 0; d < 5; d++)
                {
                    gain[c, d] = random.NextDouble() - 0.5;
                }
            }

            int[] found = Assignment.Largest(gain);
            Assert.Equal([0, 1, 2, 3, 4], found.Order());
            double best = Permutations([0, 1, 2, 3, 4]).Max(order => order.Select((d, c) => gain[c, d]).Sum());
            Assert.Equal(best, found.Select((d, c) => gain[c, d]).Sum(), 1e-12);
        }

        Assert.Equal(
            [2, 0],
            Assignment.Largest(
                new double[,]
                {
                    { 1, 2, 5 },
                    { 4, 0, 5 },
                }
            )
        );
        Assert.Throws<ArgumentException>(() => Assignment.Largest(new double[3, 2]));
    }

    [Fact]
    public void Heads_in_another_order_are_matched_again_and_modes_with_them()
    {
        // Both runs have one common pattern and four own ones; the other's heads are 2, 0, 3, 1 of the first, with new noise. What sets a
        // head apart has variance 1·(3/4) against
        // noise 0.1/8·(3/4) in units before scaling: r = 1/(1 + 0.0125).
        int[] order = [2, 0, 3, 1];
        GroupMatching group = Assert.Single(RunMatching.Of(Run([0, 1, 2, 3], 41), Run(order, 42), new MatchingOptions()));
        Assert.Equal("l0", group.Group);
        Assert.Equal(["l0h1", "l0h3", "l0h0", "l0h2"], group.Heads.Select(head => head.Partner));
        Assert.Equal(1 / 1.0125, group.MatchedMean, 0.02);
        Assert.Equal(-1.0 / 3, group.OtherMean, 0.1);
        Assert.True(group.Heads[0].SameName < 0);
        ModeMatch first = group.Modes[0];
        Assert.Equal(1, first.Partner);
        Assert.InRange(first.ScoreCorrelation, 0.99, 1);
        Assert.InRange(first.LoadingCosine, 0.99, 1);
        Assert.InRange(group.LoadingAngles[0], 0, 5);
        Assert.InRange(group.ScoreAngles[0], 0, 8);
        Assert.InRange(group.ChanceAngles[0], 40, 80);
    }

    [Fact]
    public void Runs_on_other_tokens_are_refused()
    {
        SusceptibilityRun other = Run([0, 1, 2, 3], 42);
        other.Data.Tokens.Id[3] = 17;
        Assert.Contains(
            "different tokens",
            Assert.Throws<InputException>(() => RunMatching.Of(Run([0, 1, 2, 3], 41), other, new MatchingOptions())).Message,
            StringComparison.Ordinal
        );
    }

    private static SusceptibilityRun Run(int[] order, int seed)
    {
        System.Random random = new(7);
        double[] common = [.. Enumerable.Range(0, Tokens).Select(_ => 3 * LossTrace.Gaussian(random))];
        double[][] own = [.. order.Select(_ => Enumerable.Range(0, Tokens).Select(_ => LossTrace.Gaussian(random)).ToArray())];
        return SyntheticRun.Of(
            (c, i) => common[i] + own[order[c]][i],
            noise: Math.Sqrt(0.1),
            components: 4,
            Tokens,
            chains: 4,
            batches: 2,
            seed
        );
    }

    private static IEnumerable<int[]> Permutations(int[] items) =>
        items.Length == 0
            ?
            [
                [],
            ]
            : items.SelectMany(first => Permutations([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));
}
