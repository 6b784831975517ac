using Curie.Response.Accumulation;
using Curie.Response.Estimators;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Response.Tests.Accumulation;

namespace Curie.Response.Tests.Reproducibility;

public sealed class BatchBasisTests
{
    private static readonly ProbeLayout Layout = new(["a", "b", "c"], [30, 10, 20]) { Sampled = [.. Enumerable.Range(0, 60)] };

    [Theory]
    [InlineData("chi")]
    [InlineData("covariance")]
    [InlineData("renormalization")]
    [InlineData("shift")]
    [InlineData("excess")]
    public void All_batches_together_give_the_inner_products_of_the_runs_own_estimates(string name)
    {
        ResponsePart part = ResponsePart.Parse(name);
        SusceptibilityRun run = Traces();
        AssertGram(
            run.Data.Response.Values(part).Select(value => (double)value),
            run.Data.Response.Columns,
            Gram(run, part, dataset: false)
        );
        AssertGram(run.Data.Dataset.Values(part), run.Data.Dataset.Columns, Gram(run, part, dataset: true));
    }

    [Fact]
    public void A_chain_that_one_component_lost_is_left_out_of_all_of_them()
    {
        SusceptibilityRun run = Traces();
        run.Data.Batches!.ShiftDatasetRow(2, 1, 0).Span.Fill(double.NaN);
        (BatchBasis? basis, _) = BatchBasis.Of(run, ResponsePart.Susceptibility, [0, 1]);
        Assert.Equal([0, 2, 3], basis!.Units);
        Assert.Equal(3 * run.Manifest.Shape.Batches, basis.Draws.Length);
        Assert.Equal([0, 1, 2, 3], BatchBasis.Of(run, ResponsePart.Susceptibility, [0]).Basis!.Units);
    }

    [Fact]
    public void A_run_without_batch_means_says_so()
    {
        SusceptibilityRun run = Traces();
        RunShape old = run.Manifest.Shape with { Batches = 0, SampledTokens = 0 };
        SusceptibilityRun without = new(run.Manifest with { Shape = old }, new SusceptibilityData(old));
        Assert.Contains("keeps no batch means", BatchBasis.Of(without, ResponsePart.Susceptibility, [0]).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    [InlineData(8, 35)]
    [InlineData(12, 35)]
    [InlineData(64, 35)]
    public void Halves_are_disjoint_and_whole_chains(int chains, int ways)
    {
        int[] draws = [.. Enumerable.Repeat(5, 2 * chains)];
        IReadOnlyList<(double[] First, double[] Second)> halves = BatchChoice.Halves(draws, chains);
        Assert.Equal(ways, halves.Count);
        Assert.Equal(ways, halves.Select(half => string.Join(' ', half.First)).Distinct().Count());
        foreach ((double[] first, double[] second) in halves)
        {
            Assert.Equal(1, first.Sum(), 1e-12);
            Assert.Equal(1, second.Sum(), 1e-12);
            Assert.All(first.Zip(second), pair => Assert.True((pair.First > 0) != (pair.Second > 0)));
            Assert.All(first.Chunk(2), chain => Assert.Equal(chain[0], chain[1]));
        }
    }

    [Fact]
    public void One_chain_is_halved_by_its_draws() =>
        Assert.Equal([0.5, 0.5, 0, 0], Assert.Single(BatchChoice.Halves([5, 5, 5, 5], 1)).First);

    private static SusceptibilityRun Traces() =>
        SyntheticRun.Of(
            new LossTrace(51, 4, 100, Layout, 1.7),
            new LossTrace(52, 4, 100, Layout, 0.6),
            new LossTrace(53, 4, 100, Layout, 0.4)
        );

    private static double[,] Gram(SusceptibilityRun run, ResponsePart part, bool dataset)
    {
        BatchBasis basis = BatchBasis.Of(run, part, [0, 1], dataset).Basis!;
        return basis.Gram(BatchChoice.All(basis.Draws));
    }

    /// <summary>Batch means of order one enter in float32, and of a covariance only a thousandth of them is left: 1e-3 relative.</summary>
    private static void AssertGram(IEnumerable<double> values, int columns, double[,] actual)
    {
        double[][] rows = [.. values.Chunk(columns).Select(row => row.Select(value => value - row.Average()).ToArray())];
        for (int c = 0; c < rows.Length; c++)
        {
            for (int d = 0; d < rows.Length; d++)
            {
                double expected = rows[c].Zip(rows[d], (x, y) => x * y).Sum();
                double scale = Math.Sqrt(rows[c].Sum(x => x * x) * rows[d].Sum(x => x * x));
                Assert.Equal(expected, actual[c, d], 1e-3 * scale);
            }
        }
    }
}
