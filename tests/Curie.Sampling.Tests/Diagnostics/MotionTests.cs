using Curie.Sampling.Chains;
using Curie.Sampling.Diagnostics;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Tests.Diagnostics;

/// <summary>
/// Chains that stand where they started, and chains that only look so. L = ½‖w − w*‖² in 20 dimensions where nothing else is said, so a =
/// nβ + γ = 110.
/// </summary>
public sealed class MotionTests
{
    private const int Dimension = 20;

    private static readonly SamplingOptions Settled = new()
    {
        StepSize = 0.004,
        NBeta = 100,
        Localization = 10,
        Chains = 4,
        Draws = 300,
        StepsBetweenDraws = 4,
    };

    [Fact]
    public void Steps_that_float32_cannot_add_to_the_weights_are_named_and_nothing_else_is()
    {
        // √ε = 10⁻⁹ beside weights of 1, whose float32 neighbours are 6·10⁻⁸ away.
        ComponentReport report = TestRun.Sample(Bowl(origin: 1), Settled with { StepSize = 1e-18 });
        Assert.All(report.Distances, distance => Assert.Equal(0, distance));
        Verdict verdict = Assert.Single(ComponentHealth.Of(report).Verdicts);
        Assert.Equal(VerdictKind.DidNotMove, verdict.Kind);
        Assert.EndsWith("λ̂ says nothing of the loss: raise step_size.", verdict.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e-8)]
    [InlineData(5e-8)]
    public void Steps_too_small_to_feel_anything_are_named_before_a_drift_is_judged(double stepSize)
    {
        // Over 1,200 updates the temperature is ε·110·600, 0.0033 at most, and nβ(E[P] − L0) is ½·20·100·ε·600, 0.03 at most.
        ComponentHealth health = ComponentHealth.Of(TestRun.Sample(Bowl(), Settled with { StepSize = stepSize }));
        Verdict verdict = Assert.Single(health.Verdicts);
        Assert.Equal(VerdictKind.DidNotMove, verdict.Kind);
        Assert.Contains("where localisation alone would let them go 1.41: raise step_size", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_localisation_the_weights_are_the_measure()
    {
        // √(20·10⁻¹²·1,200) = 1.5·10⁻⁴ beside √20.
        ComponentHealth health = ComponentHealth.Of(TestRun.Sample(Bowl(origin: 1), Settled with { StepSize = 1e-12, Localization = 0 }));
        Verdict verdict = Assert.Single(health.Verdicts);
        Assert.Equal(VerdictKind.DidNotMove, verdict.Kind);
        Assert.Contains("whose weights have the norm 4.47", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Chains_on_their_way_are_still_rising_and_have_moved()
    {
        // The temperature reaches ε·110·600 = 0.066, and nβ(E[P] − L0) is 0.6.
        ComponentHealth health = ComponentHealth.Of(TestRun.Sample(Bowl(), Settled with { StepSize = 1e-6, Chains = 50 }));
        Assert.Contains(health.Verdicts, verdict => verdict.Kind == VerdictKind.StillRising);
        Assert.DoesNotContain(health.Verdicts, verdict => verdict.Kind == VerdictKind.DidNotMove);
    }

    [Fact]
    public void Chains_that_a_stiff_loss_holds_near_the_checkpoint_have_moved()
    {
        // a = 10⁵ + 10 and εa = 1: ‖w − w*‖ is √(20/(10⁵·¾)) = 0.016, a hundredth of what localisation would let it be, and the temperature
        // 1.3.
        ComponentReport report = TestRun.Sample(Bowl(), Settled with { NBeta = 1e5, StepSize = 1e-5 });
        Assert.InRange(report.Distances.Max(), 0, 0.03);
        AssertMoved(report);
    }

    [Fact]
    public void Flat_losses_and_controls_have_constant_traces_or_none_to_feel_and_have_moved()
    {
        ComponentReport flat = TestRun.Sample(new FunctionSurface(Dimension, new float[Dimension], (_, _, _, _) => 3), Settled);
        Assert.All(flat.Trace, draws => Assert.All(draws, loss => Assert.Equal(3, loss)));
        AssertMoved(flat);
        AssertMoved(TestRun.Sample(Bowl(), Settled with { NBeta = 0 }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Few_draws_are_no_standstill(int draws)
    {
        AssertMoved(TestRun.Sample(Bowl(), Settled with { Draws = draws }));
        AssertMoved(TestRun.Sample(Bowl(origin: 1), Settled with { Draws = draws, StepSize = 1e-8 }));
    }

    [Fact]
    public void A_standstill_needs_no_more_than_one_draw()
    {
        ComponentHealth health = ComponentHealth.Of(TestRun.Sample(Bowl(origin: 1), Settled with { Draws = 1, StepSize = 1e-18 }));
        Assert.Equal([VerdictKind.TooFewDraws, VerdictKind.DidNotMove], health.Verdicts.Select(verdict => verdict.Kind));
    }

    [Fact]
    public void Descent_moves_where_there_is_a_slope_and_not_at_a_minimum()
    {
        SamplingOptions descent = Settled with { NoiseLevel = 0 };
        ComponentHealth health = ComponentHealth.Of(TestRun.Sample(Bowl(), descent));
        Assert.EndsWith(
            "raise noise_level.",
            Assert.Single(health.Verdicts, verdict => verdict.Kind == VerdictKind.DidNotMove).Sentence,
            StringComparison.Ordinal
        );
        AssertMoved(TestRun.Sample(TestRun.Quadratic(1, minimum: 2), descent));
    }

    [Fact]
    public void A_Metropolis_test_that_refuses_every_step_asks_for_smaller_ones()
    {
        // A step of ±0.1·η costs 10¹⁵·η²/200 nats, so that one is made where |η| is below some 10⁻⁶.
        SamplingOptions refused = Settled with { Sampler = Sampler.Mala, StepSize = 0.01, NBeta = 1e15 };
        ComponentHealth health = ComponentHealth.Of(TestRun.Sample(TestRun.Quadratic(1), refused));
        Assert.EndsWith(
            "no step was accepted; lower step_size.",
            Assert.Single(health.Verdicts, verdict => verdict.Kind == VerdictKind.DidNotMove).Sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_localisation_that_float32_cannot_tell_from_the_checkpoint_asks_for_less_of_it()
    {
        // √(20/10¹⁶) = 4.5·10⁻⁸ beside 2⁻²⁴·√20 = 2.7·10⁻⁷.
        ComponentHealth health = ComponentHealth.Of(
            TestRun.Sample(Bowl(origin: 1), Settled with { StepSize = 1e-17, Localization = 1e16 })
        );
        Assert.EndsWith("lower localization, which holds them there.", Assert.Single(health.Verdicts).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void One_chain_that_moved_is_enough()
    {
        ComponentReport report = TestRun.Sample(Bowl(), Settled);
        AssertMoved(report with { Distances = [0, 0, 0, 0.4] });
        Assert.Contains(ComponentHealth.Of(report with { Distances = [0, 0, 0, 0] }).Verdicts, verdict =>
            verdict.Kind == VerdictKind.DidNotMove
        );
    }

    private static void AssertMoved(ComponentReport report) =>
        Assert.DoesNotContain(ComponentHealth.Of(report).Verdicts, verdict => verdict.Kind == VerdictKind.DidNotMove);

    private static FunctionSurface Bowl(float origin = 0) => new(Dimension, [.. Enumerable.Repeat(origin, Dimension)], (_, _, w, g) =>
        {
            double loss = 0;
            for (int i = 0; i < w.Length; i++)
            {
                g[i] = w[i] - origin;
                loss += 0.5 * g[i] * g[i];
            }

            return loss;
        });
}
