using Curie.Sampling.Chains;
using Curie.Sampling.Surfaces;
using MathNet.Numerics.Integration;

namespace Curie.Sampling.Tests.Samplers;

/// <summary>
/// The acceptance rate of SGLD chains on U = nβ·Σ w_i^p + (γ/2)‖w‖² (the surface has a factor ½, so nβ is doubled), against the closed form
/// for
/// quadratics and long simulations by others for steeper ones. Tolerance: 4 standard errors from the scatter of independent chains.
/// </summary>
public sealed class AcceptanceTests
{
    private const double NBeta = 2 * 1000 / 6.907755278982137;

    [Theory]
    [InlineData(new double[] { 2 }, 0.01, 100, 0.585139)]
    [InlineData(new double[] { 2 }, 0.01, 0.1, 0.724539)]
    [InlineData(new double[] { 2 }, 0.001, 100, 0.980607)]
    [InlineData(new double[] { 2, 2 }, 0.001, 100, 0.969937)]
    [InlineData(new double[] { 2, 2 }, 0.01, 100, 0.538821)]
    [InlineData(new double[] { 4 }, 0.015, 100, 0.85399)]
    [InlineData(new double[] { 4 }, 0.015, 1, 0.92971)]
    [InlineData(new double[] { 4 }, 1.5e-5, 100, 0.99999)]
    [InlineData(new double[] { 8 }, 0.015, 100, 0.87175)]
    [InlineData(new double[] { 4, 4 }, 0.01, 100, 0.86803)]
    public void The_rate_of_a_chain_is_the_known_one(double[] powers, double step, double localization, double rate)
    {
        SamplingOptions options = Options(step, localization);
        if (powers.All(power => power == 2))
        {
            Assert.Equal(rate, Quadratic(powers.Length, step * (NBeta + localization)), 1e-6);
        }

        AssertRate(rate, TestRun.Sample(new MonomialSurface(powers), options), published: 1e-4);
    }

    [Fact]
    public void Without_exact_losses_the_rate_on_a_quadratic_is_the_same()
    {
        SamplingOptions options = Options(0.01, 0.1);
        FunctionSurface surface = new(1, [0], (_, _, w, g) =>
        {
            g[0] = w[0];

            // The loss is not looked at.
            return 7;
        }) { UsesMinibatches = true };
        AssertRate(0.724539, TestRun.Sample(surface, options, TestRun.Quadratic(1)), published: 0);
    }

    [Fact]
    public void Minibatch_noise_lowers_the_rate()
    {
        SamplingOptions options = Options(0.001, 100);
        double Rate(double noise) =>
            TestRun
                .Sample(new MinibatchNoise(TestRun.Quadratic(1), noise, 3, TestRun.Kernels), options, TestRun.Quadratic(1))
                .Acceptance.Average(rate => rate!.Value);
        Assert.Equal(0.980607, Rate(0), 0.003);
        Assert.InRange(Rate(0.3), 0.5, 0.97);
    }

    [Fact]
    public void A_noise_level_of_half_has_the_rate_of_its_own_temperature()
    {
        // σ scales the weights: the chain of the same seed at σ = ½ is half the chain at σ = 1, and e^{−4U} at w/2 is e^{−U} at w.
        SamplingOptions options = Options(0.01, 100) with { Chains = 2, Draws = 200 };
        ComponentReport whole = TestRun.Sample(TestRun.Quadratic(1), options);
        ComponentReport half = TestRun.Sample(TestRun.Quadratic(1), options with { NoiseLevel = 0.5 });
        Assert.Equal(whole.Acceptance[1]!.Value, half.Acceptance[1]!.Value, 1e-12);
    }

    [Fact]
    public void Chains_without_such_a_rate_have_none()
    {
        SamplingOptions options = Options(0.001, 1) with { Chains = 1, Draws = 20 };
        Assert.Null(TestRun.Sample(TestRun.Quadratic(1), options with { NoiseLevel = 0 }).Acceptance[0]);
        Assert.Null(TestRun.Sample(TestRun.Quadratic(1), options with { BoxRadius = 1 }).Acceptance[0]);
        Assert.Null(TestRun.Sample(TestRun.Quadratic(1), options with { Sampler = Sampler.Sgnht }).Acceptance[0]);
        Assert.Null(TestRun.Sample(TestRun.Quadratic(1), options with { Draws = 1, BurnIn = 0 }).Acceptance[0]);
    }

    private static SamplingOptions Options(double step, double localization) =>
        new()
        {
            StepSize = step,
            NBeta = NBeta,
            Localization = localization,
            Chains = 40,
            Draws = 1000,
            BurnIn = 200,
        };

    private static void AssertRate(double expected, ComponentReport report, double published)
    {
        // The steepest cases lose a chain in some tens of thousands of updates; what is left out is said.
        Assert.InRange(report.HealthyChains.Count, 30, 40);
        double[] rates = [.. report.HealthyChains.Select(chain => report.Acceptance[chain]!.Value)];
        double mean = rates.Average();
        double error = Math.Sqrt(rates.Sum(rate => (rate - mean) * (rate - mean)) / (rates.Length - 1) / rates.Length);
        Assert.InRange(mean, expected - (4 * error) - published, expected + (4 * error) + published);
        Assert.InRange(error, 0, 0.01);
    }

    /// <summary>½ + (1/π)∫₀^∞ Π(1 + b²t²)^{−½}/(1 + t²) dt with b = x²/(4√(x − x²/4)), x = εa; t = tan θ.</summary>
    private static double Quadratic(int modes, double x)
    {
        double b = x * x / (4 * Math.Sqrt(x - (x * x / 4)));
        return 0.5
            + (
                GaussLegendreRule.Integrate(angle => Math.Pow(1 + Math.Pow(b * Math.Tan(angle), 2), -modes / 2.0), 0, Math.PI / 2, 128)
                / Math.PI
            );
    }
}
