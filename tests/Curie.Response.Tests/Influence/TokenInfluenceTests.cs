using Curie.Numerics;
using Curie.Response.Influence;
using Curie.Response.Runs;
using Curie.Response.Tests.Accumulation;
using Curie.Response.Tests.Reproducibility;

namespace Curie.Response.Tests.Influence;

public sealed class TokenInfluenceTests
{
    private const int Tokens = 60;
    private const int Components = 6;

    [Fact]
    public void Planted_partners_are_found_with_their_correlation_and_nothing_else_is_sure()
    {
        // Tokens 5, 6 and 7 follow one number z of each batch: e₅ = z, e₆ = z + noise of variance 1/3, e₇ = −z + the same, so r = ±√(3/4).
        // Six components of 8 batches have 42 degrees
        // of freedom; the error of r is about (1 − r²)/√41 = 0.04.
        TokenInfluence found = TokenInfluence.Of(Run(), 5, [], 3);
        Assert.Equal(["l0h0", "l0h1", "l0h2", "l0h3", "l0h4", "l0h5"], found.Components);
        Assert.InRange(found.DegreesOfFreedom, 38, 42);
        TokenPartner with = found.Together[0];
        Assert.Equal(6, with.Token);
        Assert.Equal(Math.Sqrt(0.75), with.Correlation, 0.16);
        Assert.True(with.Q < 1e-6);
        TokenPartner against = found.Against[0];
        Assert.Equal(7, against.Token);
        Assert.Equal(-Math.Sqrt(0.75), against.Correlation, 0.16);
        Assert.True(found.Together[1].Q > 0.01 && found.Against[1].Q > 0.01);

        // Each batch has two draws: a variance 1 of batch means is 2 per draw, over six components 12.
        Assert.InRange(with.Covariance / 12, 0.5, 2);
    }

    [Fact]
    public void One_component_gives_its_own_covariance_by_hand()
    {
        SusceptibilityRun run = Run();
        TokenInfluence found = TokenInfluence.Of(run, 5, ["l0h2"], 1);
        Assert.Equal(7, found.DegreesOfFreedom, 1e-9);
        BatchData batches = run.Data.Batches!;
        double[][] rows =
        [
            .. Enumerable
                .Range(0, 8)
                .Select(b => batches.ShiftRow(3, b / 2, b % 2).Span.ToArray().Select(value => (double)value).ToArray()),
        ];
        double mean5 = rows.Average(row => row[5]);
        double mean = rows.Average(row => row[found.Together[0].Token]);
        double covariance = 2 * rows.Sum(row => (row[5] - mean5) * (row[found.Together[0].Token] - mean)) / 7;
        Assert.Equal(covariance, found.Together[0].Covariance, 1e-9);
    }

    [Fact]
    public void What_cannot_be_answered_is_refused_in_words()
    {
        SusceptibilityRun run = Run();
        Assert.Contains(
            "no component l9h9",
            Assert.Throws<InputException>(() => TokenInfluence.Of(run, 5, ["l9h9"], 1)).Message,
            StringComparison.Ordinal
        );
        run.Data.Batches!.Token[^1] = Tokens + 5;
        Assert.Contains(
            "the nearest",
            Assert.Throws<InputException>(() => TokenInfluence.Of(run, Tokens - 1, [], 1)).Message,
            StringComparison.Ordinal
        );
    }

    private static SusceptibilityRun Run()
    {
        SusceptibilityRun run = SyntheticRun.Of((_, _) => 0, noise: 1, Components, Tokens, chains: 4, batches: 2, seed: 31);
        System.Random random = new(32);
        for (int c = 1; c <= Components; c++)
        {
            for (int b = 0; b < 8; b++)
            {
                Span<float> row = run.Data.Batches!.ShiftRow(c, b / 2, b % 2).Span;
                for (int i = 0; i < Tokens; i++)
                {
                    row[i] = (float)LossTrace.Gaussian(random);
                }

                row[6] = row[5] + (float)(Math.Sqrt(1.0 / 3) * row[6]);
                row[7] = -row[5] + (float)(Math.Sqrt(1.0 / 3) * row[7]);
            }
        }

        return run;
    }
}
