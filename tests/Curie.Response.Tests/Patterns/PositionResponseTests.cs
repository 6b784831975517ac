using Curie.Response.Estimators;
using Curie.Response.Patterns;
using Curie.Response.Runs;
using Curie.Response.Tests.Reproducibility;

namespace Curie.Response.Tests.Patterns;

public sealed class PositionResponseTests
{
    [Fact]
    public void Bins_double_in_length_and_hold_means_spreads_and_errors_over_rows()
    {
        // Ten rows of ten positions; the response is the position, and in odd rows 1 more.
        SusceptibilityRun run = SyntheticRun.Of(
            (_, i) => (i % 10) + (i / 10 % 2),
            noise: 0,
            components: 1,
            tokens: 100,
            chains: 1,
            batches: 2,
            seed: 1
        );
        for (int i = 0; i < 100; i++)
        {
            (run.Data.Tokens.Probe[i], run.Data.Tokens.Row[i], run.Data.Tokens.Position[i]) = (0, i / 10, i % 10);
        }

        IReadOnlyList<PositionResponse> bins = PositionResponse.Of(run, ResponsePart.Susceptibility);
        Assert.Equal([(0, 0), (1, 1), (2, 3), (4, 7), (8, 9)], bins.Select(bin => (bin.First, bin.Last)));
        Assert.Equal([10, 10, 20, 40, 20], bins.Select(bin => bin.Tokens));
        Assert.Equal(6, bins[3].Mean, 1e-6);

        // Of 4 … 7 the variance is 1.25, of the rows' halves 0.25; ten row means of ±1/2 have an error of (1/2)/√9.
        Assert.Equal(Math.Sqrt(1.5), bins[3].Spread, 1e-6);
        Assert.Equal(0.5 / 3, bins[3].StandardError, 1e-6);
    }
}
