namespace Curie.Sampling.Tests;

/// <summary>The inflation of the published curves, in closed form.</summary>
public sealed class ZeroFilledInitLossTests
{
    /// <summary>20 chains of 200 draws: 21.71·0.475·199/200 = 10.26 per nat of L0, and a band of 21.71·0.2958·199/200.</summary>
    [Fact]
    public void The_inflation_of_the_published_settings_is_the_one_measured_on_the_published_curves()
    {
        Assert.Equal(10.26, ZeroFilledInitLoss.Inflation(21.71, 1, 20, 200), 0.005);
        Assert.Equal(21.71 * 0.2958 * 199 / 200, ZeroFilledInitLoss.Spread(21.71, 1, 20, 200), 0.001);
    }

    /// <summary>Chains that never leave L0 have λ̂ = 0, so all that is left is the buffer. Exact but for rounding in double.</summary>
    [Theory]
    [InlineData(20, 200)]
    [InlineData(4, 7)]
    [InlineData(2, 1)]
    public void Constant_chains_show_the_inflation_and_the_spread_alone(int chains, int draws)
    {
        double[][] trace = [.. Enumerable.Range(0, chains).Select(_ => Enumerable.Repeat(3.2, draws).ToArray())];
        LearningCoefficient legacy = ZeroFilledInitLoss.Estimate(trace, 3.2, 30);
        Assert.Equal(ZeroFilledInitLoss.Inflation(30, 3.2, chains, draws), legacy.Value, 1e-10);
        Assert.Equal(ZeroFilledInitLoss.Spread(30, 3.2, chains, draws), legacy.StandardError!.Value, 1e-10);
    }

    /// <summary>
    /// A plain simulation of the buffer: filled with zeros, one chain after another writes its row, and the mean over the whole of it is
    /// L0.
    /// </summary>
    [Fact]
    public void The_estimate_equals_a_simulation_of_the_buffer()
    {
        (int chains, int draws, double nbeta, double initLoss) = (5, 40, 12.5, 4.1);
        Random random = new(3);
        double[][] trace =
        [
            .. Enumerable.Range(0, chains).Select(_ => Enumerable.Range(0, draws).Select(_ => initLoss + random.NextDouble()).ToArray()),
        ];
        double[] buffer = new double[chains];
        List<double> coefficients = [];
        for (int chain = 0; chain < chains; chain++)
        {
            buffer[chain] = initLoss;
            double sum = trace[chain][0] - initLoss;
            for (int draw = 1; draw < draws; draw++)
            {
                sum += trace[chain][draw] - buffer.Average();
            }

            coefficients.Add(nbeta * sum / draws);
        }

        double mean = coefficients.Average();
        LearningCoefficient legacy = ZeroFilledInitLoss.Estimate(trace, initLoss, nbeta);
        Assert.Equal(mean, legacy.Value, 1e-10);
        Assert.Equal(
            Math.Sqrt(coefficients.Sum(value => (value - mean) * (value - mean)) / (chains - 1)),
            legacy.StandardError!.Value,
            1e-10
        );
        Assert.Equal(
            LearningCoefficient.Estimate(trace, initLoss, nbeta).Value + ZeroFilledInitLoss.Inflation(nbeta, initLoss, chains, draws),
            legacy.Value,
            1e-10
        );
    }
}
