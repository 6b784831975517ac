using Curie.Numerics;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Response.Tests.Reproducibility;

namespace Curie.Response.Tests.Estimators;

public sealed class MixtureRouteTests
{
    private const double Rate = 0.2;

    [Fact]
    public void The_slope_is_that_of_least_squares_and_one_over_the_rate_where_base_rows_respond_alike()
    {
        double[] response = [3, -1, 4, 1, 5];
        SusceptibilityRun run = Run(response);
        MixtureRoute exact = MixtureRoute.Of(
            run,
            Run([.. response.Select(value => (Rate * value) + 0.7)]),
            ResponsePart.Susceptibility,
            Rate
        )[0];
        Assert.Equal(("p0", 5), (exact.Probe, exact.Components));
        Assert.Equal(1 / Rate, exact.Slope, 1e-9);
        Assert.Equal(0, exact.StandardError, 1e-6);
        Assert.Equal(1, exact.Correlation, 1e-12);

        // x = 1, 2, 3, 4, 5 and y = 3, −1, 4, 1, 5: Sxx = 10, Sxy = 6, Syy = 23.2; residual 23.2 − 3.6 = 19.6, error √(19.6/3/10).
        MixtureRoute scattered = MixtureRoute.Of(run, Run([1, 2, 3, 4, 5]), ResponsePart.Susceptibility, Rate)[0];
        Assert.Equal(0.6, scattered.Slope, 1e-12);
        Assert.Equal(Math.Sqrt(19.6 / 30), scattered.StandardError, 1e-12);
        Assert.Equal(6 / Math.Sqrt(232), scattered.Correlation, 1e-12);
    }

    [Fact]
    public void Components_without_an_estimate_are_left_out_and_runs_that_do_not_fit_are_refused()
    {
        SusceptibilityRun run = Run([3, -1, 4, 1]);
        Assert.Equal(3, MixtureRoute.Of(run, Run([1, double.NaN, 2, 0]), ResponsePart.Susceptibility, Rate)[0].Components);
        Assert.Throws<InputException>(() =>
            MixtureRoute.Of(run, Run([1, double.NaN, double.NaN, double.NaN]), ResponsePart.Susceptibility, Rate)
        );
        Assert.Throws<InputException>(() => MixtureRoute.Of(run, run, ResponsePart.Susceptibility, 1));
        SusceptibilityRun other = Run([3, -1, 4, 1]);
        other.Data.TraceLoss[2] += 1e-9;
        Assert.Contains(
            "other chains",
            Assert.Throws<InputException>(() => MixtureRoute.Of(run, other, ResponsePart.Susceptibility, Rate)).Message,
            StringComparison.Ordinal
        );
    }

    private static SusceptibilityRun Run(double[] response)
    {
        SusceptibilityRun run = SyntheticRun.Of((_, _) => 0, noise: 0, response.Length, tokens: 8, chains: 2, batches: 2, seed: 1);
        double[] values = run.Data.Dataset.Values(ResponsePart.Susceptibility);
        for (int c = 0; c < response.Length; c++)
        {
            values[2 * c] = response[c];
            values[(2 * c) + 1] = -response[c];
        }

        return run;
    }
}
