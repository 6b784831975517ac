using Curie.Numerics;
using Curie.Sampling.Chains;
using Curie.Sampling.Diagnostics;

namespace Curie.Sampling.Tests.Chains;

public sealed class ChainHealthTests
{
    [Fact]
    public void A_diverging_run_stops_every_chain_and_names_component_chain_and_draw()
    {
        // L = w₀²w₁² with ε = nβ = 1000: the first noise of about 30 throws the next update beyond float32.
        FunctionSurface surface = new(2, [0, 0], (_, _, w, g) =>
        {
            g[0] = 2 * w[0] * w[1] * w[1];
            g[1] = 2 * w[0] * w[0] * w[1];
            return (double)w[0] * w[0] * w[1] * w[1];
        });
        SamplingOptions options = new()
        {
            StepSize = 1000,
            NBeta = 1000,
            Localization = 0,
            Chains = 2,
            Draws = 20,
        };
        ComponentReport report = TestRun.Sample(surface, options, name: "l0h1");
        Assert.Empty(report.HealthyChains);
        Assert.Equal([0, 1], report.Failures.Select(failure => failure.Chain));
        foreach (ChainFailure failure in report.Failures)
        {
            Assert.InRange(failure.Draw, 1, 19);
            Assert.True(double.IsNaN(report.Trace[failure.Chain][19]));
            Assert.StartsWith(
                $"chain {failure.Chain} of l0h1 was stopped at draw {failure.Draw}",
                failure.ToString(),
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [InlineData("sgld")]
    [InlineData("sgnht")]
    public void Every_chain_whose_step_is_too_large_is_stopped_and_leaves_no_number_that_is_none(string samplerName)
    {
        Sampler sampler = Sampler.Parse(samplerName);
        // A step of 5 × 1000: the loss's curvature makes every update larger than the last.
        SamplingOptions options = new()
        {
            Sampler = sampler,
            StepSize = 5,
            NBeta = 1000,
            Localization = 0,
            Chains = 3,
            Draws = 400,
        };
        ComponentReport report = TestRun.Sample(TestRun.Quadratic(1), options);
        Assert.Equal([0, 1, 2], report.Failures.Select(failure => failure.Chain));
        Assert.All(report.Failures, failure => Assert.Contains("lower step_size or nbeta", failure.Reason, StringComparison.Ordinal));
        ComponentHealth health = ComponentHealth.Of(report);
        Assert.Empty(health.MeanLoss);
        Assert.Contains(
            "no chain of full is healthy",
            Assert.Throws<InputException>(() => LearningCoefficient.Estimate(report)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_preconditioner_bounds_steps_that_are_too_large_and_the_null_line_stops_the_chain()
    {
        // √v grows with the gradient: the chain is thrown some thousands back and forth and no further.
        SamplingOptions options = new()
        {
            Sampler = Sampler.RmsPropSgld,
            StepSize = 5,
            NBeta = 1000,
            Localization = 0,
            Chains = 2,
            Draws = 40,
        };
        ComponentReport report = TestRun.Sample(TestRun.Quadratic(1), options, nullLine: 1e-3);
        Assert.Equal([0, 1], report.Failures.Select(failure => failure.Chain));
        Assert.All(report.Failures, failure => Assert.Contains("null line", failure.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_checkpoint_that_knows_nothing_has_no_null_line_to_cross()
    {
        SamplingOptions options = new() { Chains = 2, Draws = 40 };

        ComponentReport report = TestRun.Sample(TestRun.Quadratic(1), options, nullLine: 0);

        Assert.Empty(report.Failures);
        Assert.Null(report.NullLine);
    }

    [Fact]
    public void Without_localization_a_flat_loss_is_left_unbounded_and_said_to_rise()
    {
        FunctionSurface flat = new(1, [0], (_, _, w, g) =>
        {
            g[0] = 1e-6f * w[0];
            return 0.5e-6 * w[0] * w[0];
        });
        ComponentReport report = TestRun.Sample(
            flat,
            new SamplingOptions
            {
                Localization = 0,
                Chains = 400,
                Draws = 200,
            }
        );
        Assert.Empty(report.Failures);
        Assert.Null(report.Options.LocalizationDistance(1));
        Assert.Contains(ComponentHealth.Of(report).Verdicts, verdict => verdict.Kind == VerdictKind.StillRising);
    }

    [Fact]
    public void A_chain_whose_minibatch_loss_is_not_a_number_is_left_out_and_the_others_keep_their_bits()
    {
        static FunctionSurface Surface(bool broken) => new(1, [0], (chain, step, w, g) =>
            {
                g[0] = w[0];
                return broken && chain == 1 && step == 7 ? double.NaN : 0.5 * w[0] * w[0];
            });
        SamplingOptions options = new()
        {
            Chains = 3,
            Draws = 10,
            StepsBetweenDraws = 2,
        };
        ComponentReport report = TestRun.Sample(Surface(broken: true), options, Surface(broken: false));
        ComponentReport sound = TestRun.Sample(Surface(broken: false), options);
        ChainFailure failure = Assert.Single(report.Failures);
        Assert.Equal(("full", 1, 3, 7L), (failure.Component, failure.Chain, failure.Draw, failure.Updates));
        Assert.Contains("minibatch loss is NaN", failure.Reason, StringComparison.Ordinal);
        Assert.Equal([0, 2], report.HealthyChains);
        Assert.Equal([sound.Trace[0], sound.Trace[2]], report.HealthyTrace);
        Assert.Equal(sound.Trace[1][..3], report.Trace[1][..3]);
        Assert.All(report.Trace[1][3..], value => Assert.True(double.IsNaN(value)));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_chain_whose_evaluation_loss_is_not_finite_is_left_out(double bad)
    {
        FunctionSurface evaluated = new(1, [0], (chain, draw, w, _) => chain == 0 && draw == 4 && w[0] != 0 ? bad : 1);
        ComponentReport report = TestRun.Sample(TestRun.Quadratic(1), new SamplingOptions { Chains = 2, Draws = 6 }, evaluated);
        ChainFailure failure = Assert.Single(report.Failures);
        Assert.Equal((0, 4), (failure.Chain, failure.Draw));
        Assert.Contains("evaluation rows", failure.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(30, 5, 14)]
    [InlineData(6, 0, 5)]
    public void A_chain_that_stays_above_the_null_line_is_left_out(int draws, int aboveFrom, int stoppedAt)
    {
        FunctionSurface evaluated = new(1, [0], (chain, draw, w, _) => chain == 1 && draw >= aboveFrom && w[0] != 0 ? 3 : 1);
        ComponentReport report = TestRun.Sample(
            TestRun.Quadratic(1),
            new SamplingOptions { Chains = 2, Draws = draws },
            evaluated,
            nullLine: 2
        );
        ChainFailure failure = Assert.Single(report.Failures);
        Assert.Equal((1, stoppedAt), (failure.Chain, failure.Draw));
        Assert.Contains("null line", failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_that_comes_back_below_the_null_line_goes_on()
    {
        FunctionSurface evaluated = new(1, [0], (_, draw, w, _) => draw % ComponentRun.NullLinePatience != 0 && w[0] != 0 ? 3 : 1);
        SamplingOptions options = new() { Chains = 2, Draws = 40 };
        Assert.Empty(TestRun.Sample(TestRun.Quadratic(1), options, evaluated, nullLine: 2).Failures);
    }

    [Fact]
    public void A_resumed_run_remembers_how_long_a_chain_was_above_the_null_line_and_which_were_stopped()
    {
        FunctionSurface evaluated = new(1, [0], (chain, draw, w, _) => w[0] == 0 ? 1
            : chain == 0 && draw == 2 ? double.NaN
            : chain == 1 ? 3
            : 1);
        SamplingOptions options = new() { Chains = 3, Draws = 15 };
        ComponentRunState? saved = null;
        RunControls saving = new() { DrawCompleted = group => saved = group.Runs[0].CompletedDraws == 6 ? group.Runs[0].Save() : saved };
        ComponentReport whole = TestRun.Sample(TestRun.Quadratic(1), options, evaluated, saving, nullLine: 2);
        ComponentReport resumed = TestRun.Sample(
            TestRun.Quadratic(1),
            options,
            evaluated,
            new RunControls { ResumeFrom = saved },
            nullLine: 2
        );
        Assert.Equal([0, 1], whole.Failures.Select(failure => failure.Chain));
        Assert.Equal(whole.Failures, resumed.Failures);
    }

    [Fact]
    public void A_checkpoint_without_a_finite_loss_is_refused()
    {
        FunctionSurface surface = new(1, [0], (_, _, _, _) => double.NaN);
        Assert.Contains(
            "check the weights",
            Assert.ThrowsAny<InputException>(() => TestRun.Sample(surface, new SamplingOptions(), name: "l0h3")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_gradient_that_is_not_a_number_stops_the_chain_before_its_draw_counts()
    {
        // The loss is finite and the gradient is not: the update ruins the weights, and the next loss tells.
        FunctionSurface surface = new(1, [0], (chain, step, w, g) =>
        {
            g[0] = chain == 1 && step == 5 ? float.NaN : w[0];
            return 0.5 * w[0] * w[0];
        });
        FunctionSurface evaluated = new(1, [0], (_, _, w, _) => 0.5 * w[0] * w[0]);
        ComponentReport report = TestRun.Sample(surface, new SamplingOptions { Chains = 2, Draws = 10 }, evaluated);
        ChainFailure failure = Assert.Single(report.Failures);
        Assert.Equal((1, 5), (failure.Chain, failure.Draw));
        Assert.Equal([0], report.HealthyChains);
        Assert.All(report.HealthyTrace[0], loss => Assert.True(double.IsFinite(loss)));
    }
}
