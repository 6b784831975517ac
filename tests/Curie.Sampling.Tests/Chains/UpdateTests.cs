using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Chains;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Tests.Chains;

public sealed class UpdateTests
{
    private static readonly double[] Hessian = [2, 1, 0.5, 1, 3, 0.25, 0.5, 0.25, 1];

    [Fact]
    public void Doubling_the_loss_and_halving_nbeta_changes_no_bit_of_the_coefficient()
    {
        SamplingOptions options = new()
        {
            StepSize = 0.003,
            NBeta = 60,
            Localization = 7,
            Chains = 2,
            Draws = 200,
        };
        double[] doubled = [.. Hessian.Select(value => 2 * value)];
        float[] origin = [0.3f, -0.2f, 0.1f];
        LearningCoefficient once = LearningCoefficient.Estimate(TestRun.Sample(new QuadraticSurface(Hessian, [0, 0, 0], origin), options));
        LearningCoefficient twice = LearningCoefficient.Estimate(
            TestRun.Sample(new QuadraticSurface(doubled, [0, 0, 0], origin), options with { NBeta = 30 })
        );
        Assert.Equal(BitConverter.DoubleToInt64Bits(once.Value), BitConverter.DoubleToInt64Bits(twice.Value));
        Assert.Equal(once, twice);
    }

    [Fact]
    public void Without_noise_and_localization_the_update_is_gradient_descent()
    {
        const double Rate = 0.05;
        float[] origin = [0.5f, -0.4f, 0.3f];
        double[] w = [0.5f, -0.4f, 0.3f];
        QuadraticSurface surface = new(Hessian, [0, 0, 0], origin);
        SamplingOptions options = new()
        {
            StepSize = 2 * Rate,
            NBeta = 1,
            Localization = 0,
            NoiseLevel = 0,
            Chains = 1,
            Draws = 1,
        };
        using Machine machine = Machine.Create(1);
        for (int step = 1; step <= 3; step++)
        {
            using GroupRun group = GroupRun.Of(
                new SampledComponent("full", surface, 0),
                options with
                {
                    Draws = 1,
                    BurnIn = step - 1,
                },
                machine
            );
            ComponentRun run = group.Runs[0];
            group.AdvanceToNextDraw();
            double[] gradient = [.. Enumerable.Range(0, 3).Select(i => Enumerable.Range(0, 3).Sum(j => Hessian[(3 * i) + j] * w[j]))];
            for (int i = 0; i < 3; i++)
            {
                w[i] -= Rate * gradient[i];

                // Float32 weights below ½ lie 3e-8 apart; three updates stay within 1e-7 of exact arithmetic.
                Assert.Equal(w[i], run.Weights(0)[i], 1e-7);
            }
        }
    }

    [Fact]
    public void Weights_outside_the_restriction_keep_every_bit()
    {
        float[] origin = [0.3f, -0.2f, 0.1f];
        QuadraticSurface surface = new(Hessian, [0.7, 0.7, 0.7], origin);
        CoordinateSubset subset = new(surface, [2, 0]);
        using Machine machine = Machine.Create(1);
        using GroupRun group = GroupRun.Of(new SampledComponent("l0h0", subset, 0), new SamplingOptions { BurnIn = 500 }, machine);
        ComponentRun run = group.Runs[0];
        group.AdvanceToNextDraw();
        float[] all = new float[3];
        subset.CopyAll(run.Weights(3), all);
        Assert.Equal(BitConverter.SingleToInt32Bits(-0.2f), BitConverter.SingleToInt32Bits(all[1]));
        Assert.NotEqual(origin[0], all[0]);
        Assert.NotEqual(origin[2], all[2]);
        Assert.Equal(run.Weights(3)[0], all[2]);
    }

    [Fact]
    public void A_restricted_surface_samples_as_the_surface_of_fewer_dimensions_does()
    {
        // w₂ frozen at 0 leaves the leading 2 × 2 block; both see the same noise, number by number.
        SamplingOptions options = new()
        {
            StepSize = 0.01,
            NBeta = 20,
            Localization = 1,
            Chains = 2,
            Draws = 50,
        };
        CoordinateSubset subset = new(new QuadraticSurface(Hessian, [0, 0, 0], [0, 0, 0]), [0, 1]);
        QuadraticSurface small = new([2, 1, 1, 3], [0, 0], [0, 0]);
        Assert.Equal(TestRun.Sample(small, options).Trace, TestRun.Sample(subset, options).Trace);
    }

    [Fact]
    public void Draws_follow_burn_in_and_spacing_and_come_after_the_update()
    {
        SamplingOptions options = new()
        {
            Chains = 2,
            Draws = 3,
            BurnIn = 5,
            StepsBetweenDraws = 4,
        };
        List<(int Chain, long Step)> steps = [];
        FunctionSurface surface = new(1, [0], (chain, step, w, g) =>
        {
            steps.Add((chain, step));
            g[0] = w[0];
            return w[0];
        });
        using Machine machine = Machine.Create(1);
        using GroupRun group = GroupRun.Of(new SampledComponent("full", surface, 0), options, machine);
        ComponentRun run = group.Runs[0];
        int[] updates = new int[3];
        for (int draw = 0; draw < 3; draw++)
        {
            group.AdvanceToNextDraw();
            updates[draw] = steps.Count(step => step.Chain == 1);
            run.Record([0, 0]);
        }

        Assert.Equal([9, 13, 17], updates);
        Assert.Equal(17, options.UpdatesPerChain);
        Assert.Equal(Enumerable.Range(0, 17).Select(step => (0, (long)step)), steps.Where(step => step.Chain == 0));
        Assert.True(run.Finished);
    }

    [Theory]
    [InlineData("step_size")]
    [InlineData("nbeta")]
    [InlineData("localization")]
    [InlineData("noise_level")]
    [InlineData("chains")]
    [InlineData("draws")]
    [InlineData("burn_in")]
    [InlineData("steps_between_draws")]
    public void An_option_out_of_range_is_refused_by_its_name_in_the_file(string setting)
    {
        SamplingOptions valid = new();
        valid.Validate();
        SamplingOptions options = setting switch
        {
            "step_size" => valid with { StepSize = 0 },
            "nbeta" => valid with { NBeta = double.NaN },
            "localization" => valid with { Localization = -1 },
            "noise_level" => valid with { NoiseLevel = -1 },
            "chains" => valid with { Chains = 0 },
            "draws" => valid with { Draws = 0 },
            "burn_in" => valid with { BurnIn = -1 },
            _ => valid with { StepsBetweenDraws = 0 },
        };
        Assert.Contains(setting, Assert.Throws<InputException>(options.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_localization_alone_makes_unstable_is_refused() =>
        Assert.Contains(
            "make step_size smaller than 0.04",
            Assert.Throws<InputException>(new SamplingOptions { StepSize = 0.05, Localization = 100 }.Validate).Message,
            StringComparison.Ordinal
        );
}
