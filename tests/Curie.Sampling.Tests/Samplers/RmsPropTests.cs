using Curie.Numerics;
using Curie.Sampling.Chains;
using Curie.Sampling.Samplers;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Tests.Samplers;

public sealed class RmsPropTests
{
    private static readonly SamplingOptions Plain = new()
    {
        StepSize = 0.002,
        NBeta = 50,
        Localization = 10,
        Chains = 2,
        Draws = 100,
        StepsBetweenDraws = 3,
    };

    [Fact]
    public void Without_preconditioning_it_is_SGLD()
    {
        QuadraticSurface surface = new([2, 1, 1, 2], [0.1, -0.2], [0, 0]);
        SamplingOptions neutral = Plain with
        {
            Sampler = Sampler.RmsPropSgld,
            Preconditioner = new() { Decay = 1, Offset = 1 },
        };
        Assert.Equal(TestRun.Sample(surface, Plain).Trace, TestRun.Sample(surface, neutral).Trace);
    }

    [Fact]
    public void With_a_constant_preconditioner_it_is_SGLD_of_the_scaled_step()
    {
        // v stays at 0 with a = 1, so G = 1/b = 4: the same chain as SGLD with 4ε, up to the rounding of a few hundred updates.
        SamplingOptions scaled = Plain with
        {
            Sampler = Sampler.RmsPropSgld,
            StepSize = Plain.StepSize / 4,
            Preconditioner = new() { Decay = 1, Offset = 0.25 },
        };
        double[][] expected = [.. TestRun.Sample(TestRun.Quadratic(1), Plain).Trace];
        double[][] actual = [.. TestRun.Sample(TestRun.Quadratic(1), scaled).Trace];
        for (int draw = 0; draw < 100; draw++)
        {
            Assert.Equal(expected[1][draw], actual[1][draw], 1e-6);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Weights_with_different_gradients_take_steps_of_different_size_and_keep_the_posterior(bool correction)
    {
        // Constant gradients c make v̂ = c² once its start is forgotten (0.9²⁰⁰ ≈ 10⁻⁹): mean −nβc/γ, variance 1/(γ(1 − εGγ/4)), G = 1/(|c|
        // + b).
        double[] slopes = [0.01, 0.1, 1, -10];
        SamplingOptions options = new()
        {
            Sampler = Sampler.RmsPropSgld,
            Preconditioner = new()
            {
                Decay = 0.9,
                Offset = 0.2,
                BiasCorrection = correction,
            },
            StepSize = 5e-3,
            NBeta = 3,
            Localization = 100,
            Chains = 200,
            Draws = 40,
            BurnIn = 500,
            StepsBetweenDraws = 40,
        };
        SlopeSurface surface = new(slopes);
        double[,] sums = new double[4, 2];
        FunctionSurface recorder = new(4, new float[4], (_, _, w, g) =>
        {
            for (int i = 0; i < 4; i++)
            {
                double centred = w[i] + (3 * slopes[i] / 100);
                sums[i, 0] += centred;
                sums[i, 1] += centred * centred;
            }

            return 0;
        });
        TestRun.Sample(surface, options, recorder);
        const int count = (200 * 40) + 1;
        for (int i = 0; i < 4; i++)
        {
            double rate = options.StepSize * 100 / (Math.Abs(slopes[i]) + 0.2);
            double variance = 1 / (100 * (1 - (rate / 4)));
            double r = Math.Pow(1 - (rate / 2), 40);
            double meanError = Math.Sqrt(variance / count * (1 + r) / (1 - r));
            double squareError = variance * Math.Sqrt(2.0 / count * (1 + (r * r)) / (1 - (r * r)));
            Assert.Equal(0, sums[i, 0] / count, 4 * meanError + (Math.Abs(3 * slopes[i] / 100) / count));
            Assert.Equal(variance, sums[i, 1] / count, 4 * squareError + (Math.Pow(3 * slopes[i] / 100, 2) / count));
        }
    }

    [Fact]
    public void Bias_correction_starts_at_one_as_published()
    {
        // v = a + (1 − a)g², v̂ = v/(1 − a): with a 0.75 and g 3, v = 3, v̂ = 12, and the first drift is ε/2·nβ·g/(√12 + 0.1).
        SamplingOptions options = Plain with
        {
            Sampler = Sampler.RmsPropSgld,
            Preconditioner = new() { Decay = 0.75, BiasCorrection = true },
            StepSize = 1,
            NBeta = 2,
            Localization = 0,
            NoiseLevel = 0,
            Chains = 1,
            Draws = 1,
            StepsBetweenDraws = 1,
        };
        ComponentReport report = TestRun.Sample(new SlopeSurface([3]), options);
        Assert.Equal(3 / (Math.Sqrt(12) + 0.1), report.Distances[0], 1e-6);
    }

    [Fact]
    public void A_step_that_the_preconditioner_makes_unstable_is_refused()
    {
        SamplingOptions options = Plain with { Sampler = Sampler.RmsPropSgld, StepSize = 0.05 };
        Assert.Contains(
            "make step_size smaller than 0.04",
            Assert.Throws<InputException>(options.Validate).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "never forgets",
            Assert
                .Throws<InputException>(
                    (
                        Plain with
                        {
                            Preconditioner = new() { Decay = 1, BiasCorrection = true },
                        }
                    ).Validate
                )
                .Message,
            StringComparison.Ordinal
        );
    }
}
