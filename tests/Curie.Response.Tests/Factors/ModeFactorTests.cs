using Curie.Response.Attribution;
using Curie.Response.Factors;
using Curie.Response.Modes;

namespace Curie.Response.Tests.Factors;

public sealed class ModeFactorTests
{
    private const int Tokens = 20_000;
    private static readonly string[] Names = ["l0h0", "l0h1", "l0h2", "l0h3"];

    [Fact]
    public void Independent_components_find_sources_that_equal_variances_hide_from_principal_components()
    {
        // Two sources of variance 1 on orthogonal directions: every rotation of them is a principal component. A uniform and a two-sided
        // exponential one are far
        // from Gaussian; the error of the angle is of order 1/√Tokens = 0.007.
        System.Random random = new(3);
        double[] flat = [.. Enumerable.Range(0, Tokens).Select(_ => Math.Sqrt(12) * (random.NextDouble() - 0.5))];
        double[] peaked =
        [
            .. Enumerable
                .Range(0, Tokens)
                .Select(_ => Math.Sqrt(0.5) * Math.CopySign(Math.Log(1 - random.NextDouble()), random.NextDouble() - 0.5)),
        ];
        ModeAnalysis modes = Mixed(flat, [0.5, 0.5, 0.5, 0.5], peaked, [0.5, -0.5, 0.5, -0.5]);
        (IReadOnlyList<ModeFactor> factors, bool converged) = ModeFactor.Of(modes, FactorMethod.Independent, 2);
        Assert.True(converged);
        foreach (double[] source in new[] { flat, peaked })
        {
            double best = factors.Max(factor => Math.Abs(Moments.Correlation(factor.Scores(modes), source)));
            Assert.InRange(best, 0.998, 1);
        }

        Assert.Equal(3, factors.Max(factor => factor.Kurtosis), 0.5);
        Assert.Equal(-1.2, factors.Min(factor => factor.Kurtosis), 0.1);
        Assert.Equal(1, factors.Sum(factor => factor.ExplainedVariance), 1e-4);
    }

    [Fact]
    public void Varimax_finds_components_that_stand_alone_in_equal_mixtures()
    {
        // Principal components of two equally strong, correlated pairs load on all of a pair: (1, 1)/√2 and (1, −1)/√2 is the worst start
        // there is.
        System.Random random = new(4);
        double[] first = [.. Enumerable.Range(0, Tokens).Select(_ => random.NextDouble() - 0.5)];
        double[] second = [.. Enumerable.Range(0, Tokens).Select((_, i) => (0.1 * first[i]) + random.NextDouble() - 0.5)];
        ModeAnalysis modes = Mixed(first, [1, 0, 0, 0], second, [0, 1, 0, 0]);
        Assert.InRange(modes.Loadings(0)[1], 0.5, 0.9);
        IReadOnlyList<ModeFactor> factors = ModeFactor.Of(modes, FactorMethod.Varimax, 2).Factors;
        Assert.All(factors, factor => Assert.Equal(1, factor.Loadings.Values.Max(), 1e-6));
        Assert.Equal(["l0h0", "l0h1"], factors.Select(factor => factor.Loadings.MaxBy(pair => pair.Value).Key).Order());
    }

    [Theory]
    [InlineData(FactorMethod.Varimax)]
    [InlineData(FactorMethod.Independent)]
    public void Factors_add_up_to_the_modes_they_were_made_from(FactorMethod method)
    {
        System.Random random = new(5);
        float[][] rows = [.. Names.Select(_ => Enumerable.Range(0, 500).Select(_ => (float)Math.Pow(random.NextDouble(), 4)).ToArray())];
        ModeAnalysis modes = ModeAnalysis.Compute(Names, [.. rows.Select(row => (ReadOnlyMemory<float>)row)]);
        IReadOnlyList<ModeFactor> factors = ModeFactor.Of(modes, method, 3).Factors;
        double[][] scores = [.. factors.Select(factor => factor.Scores(modes))];
        double[][] principal = [.. Enumerable.Range(0, 3).Select(modes.Scores)];
        for (int i = 0; i < 500; i += 13)
        {
            for (int c = 0; c < Names.Length; c++)
            {
                double expected = Enumerable.Range(0, 3).Sum(k => principal[k][i] * modes.Loadings(k)[c]);
                Assert.Equal(expected, factors.Select((factor, j) => scores[j][i] * factor.Loadings[Names[c]]).Sum(), 1e-9);
            }
        }

        Assert.All(factors, factor => Assert.Equal(1, factor.Loadings.Values.Sum(loading => loading * loading), 1e-9));
        Assert.All(factors, factor => Assert.Equal(factor.Loadings.Values.Max(), factor.Loadings.Values.Max(Math.Abs)));
        Assert.Equal(modes.ExplainedVariance[..3].ToArray().Sum(), factors.Sum(factor => factor.ExplainedVariance), 1e-9);
        Assert.Equal(
            factors.Select(factor => factor.ExplainedVariance).OrderDescending(),
            factors.Select(factor => factor.ExplainedVariance)
        );
    }

    private static ModeAnalysis Mixed(double[] first, double[] firstLoadings, double[] second, double[] secondLoadings)
    {
        float[][] rows =
        [
            .. Names.Select((_, c) => first.Zip(second, (x, y) => (float)((x * firstLoadings[c]) + (y * secondLoadings[c]))).ToArray()),
        ];
        return ModeAnalysis.Compute(Names, [.. rows.Select(row => (ReadOnlyMemory<float>)row)]);
    }
}
