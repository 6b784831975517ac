using System.Globalization;
using Curie.Sampling.Chains;
using Curie.Sampling.Diagnostics;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Tests.Diagnostics;

public sealed class ComponentHealthTests
{
    private static readonly SamplingOptions Settled = new()
    {
        StepSize = 0.004,
        NBeta = 100,
        Localization = 10,
        Chains = 4,
        Draws = 300,
        BurnIn = 50,
        StepsBetweenDraws = 4,
    };

    [Fact]
    public void A_settled_run_gets_no_verdict_whatever_the_seed()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            ComponentHealth health = ComponentHealth.Of(TestRun.Sample(TestRun.Quadratic(1), Settled with { Seed = seed }, nullLine: 8));
            Assert.True(
                health.Verdicts.Count == 0,
                $"seed {seed}: {string.Join(' ', health.Verdicts.Select(verdict => verdict.Sentence))}"
            );
        }
    }

    [Fact]
    public void Figures_are_those_of_the_trace()
    {
        ComponentReport report = TestRun.Sample(TestRun.Quadratic(1), Settled);
        ComponentHealth health = ComponentHealth.Of(report);
        Assert.Equal(report.Trace.Average(draws => draws[17]), health.MeanLoss[17]);
        Assert.Equal(0, health.FractionBelowInitLoss);
        Assert.Equal(Math.Sqrt(report.Distances.Average(distance => distance * distance)), health.Distance);
        Assert.Equal(Math.Sqrt(1 / (10 * (1 - 0.01))), health.LocalizationDistance!.Value, 1e-12);

        // ρ = 0.78 per update, so squares four updates apart have autocorrelation r = 0.78⁸ and time (1 + r)/(1 − r) = 1.32; the
        // estimate over 4 × 300 draws scatters by about a tenth of that.
        Assert.InRange(health.AutocorrelationTime!.Value, 1, 1.32 * 1.4);
        Assert.InRange(health.EffectiveSampleSize!.Value, 1200 / (1.32 * 1.4), 1200 * 1.4);
        Assert.InRange(health.RHat!.Value, 0.99, 1.02);
    }

    [Fact]
    public void A_loss_that_still_rises_is_named()
    {
        // Almost flat and not localised: w diffuses, and L grows with every update.
        SamplingOptions options = new()
        {
            StepSize = 0.001,
            NBeta = 1,
            Localization = 0,
            Chains = 20,
            Draws = 200,
        };
        AssertSays(
            VerdictKind.StillRising,
            "still rising at the last draw: more burn-in, or a larger localization",
            TestRun.Sample(Flat(50), options)
        );
    }

    [Fact]
    public void A_loss_that_still_falls_is_named()
    {
        // Descent from a slope at a rate of 1/400 per update.
        SamplingOptions options = new()
        {
            StepSize = 0.005,
            NBeta = 1,
            Localization = 0,
            NoiseLevel = 0.01,
            Chains = 4,
            Draws = 200,
        };
        ComponentReport report = TestRun.Sample(new QuadraticSurface([1], [0], [1]), options);
        AssertSays(VerdictKind.StillFalling, "still falling at the last draw", report);
        AssertSays(VerdictKind.BelowInitLoss, "lower loss than the checkpoint", report);
    }

    [Fact]
    public void A_start_before_the_chains_have_settled_is_named_with_a_burn_in_that_cures_it()
    {
        // Relaxation over 1/(1 − ρ²) = 10 updates, 60 draws: the first third is well below the level.
        SamplingOptions options = new()
        {
            StepSize = 0.001,
            NBeta = 30,
            Localization = 70,
            Chains = 50,
            Draws = 60,
        };
        Verdict verdict = Assert.Single(ComponentHealth.Of(TestRun.Sample(Flat(20), options)).Verdicts, verdict =>
            verdict.Kind == VerdictKind.NotSettledAtStart
        );
        int advised = int.Parse(verdict.Sentence.Split(' ')[^1].TrimEnd('.'), CultureInfo.InvariantCulture);
        Assert.InRange(advised, 10, 90);
        Assert.DoesNotContain(ComponentHealth.Of(TestRun.Sample(Flat(20), options with { BurnIn = advised })).Verdicts, verdict =>
            verdict.Kind is VerdictKind.NotSettledAtStart or VerdictKind.StillRising
        );
    }

    [Fact]
    public void Chains_that_disagree_are_named()
    {
        ComponentReport report = TestRun.Sample(TestRun.Quadratic(1), Settled);
        double[][] moved = [.. report.Trace.Select((draws, chain) => draws.Select(loss => loss + (0.01 * chain)).ToArray())];
        AssertSays(VerdictKind.ChainsDisagree, "split R-hat", report with { Trace = moved });
    }

    [Fact]
    public void Draws_worth_few_independent_ones_are_named()
    {
        // ρ = 0.999: 200 draws span a tenth of a relaxation time.
        SamplingOptions options = new()
        {
            StepSize = 0.001,
            NBeta = 1,
            Localization = 1,
            Chains = 2,
            Draws = 200,
            BurnIn = 10_000,
        };
        AssertSays(VerdictKind.TooFewEffectiveDraws, "larger steps_between_draws", TestRun.Sample(TestRun.Quadratic(1), options));
    }

    [Fact]
    public void A_mean_above_the_null_line_is_named()
    {
        ComponentReport report = TestRun.Sample(TestRun.Quadratic(1), Settled) with { NullLine = 1e-4 };
        AssertSays(VerdictKind.AboveNullLine, "uniform predictor", report);
        Assert.DoesNotContain(ComponentHealth.Of(report).Verdicts, verdict => verdict.Kind == VerdictKind.KnowledgeLost);
    }

    [Theory]
    [InlineData(0.4, false)]
    [InlineData(0.6, true)]
    public void The_share_of_what_the_model_knows_that_is_lost_is_named_above_one_half(double share, bool named)
    {
        // a = 110, so E[P] = 1/(2a(1 − εa/4)). The relative error of the mean of 1,200 squares worth 1,200/1.32 independent ones is
        // √(2/909), 0.047.
        double rise = 1 / (2 * 110 * (1 - (0.004 * 110 / 4)));
        ComponentReport report = TestRun.Sample(TestRun.Quadratic(1), Settled) with { NullLine = rise / share };
        ComponentHealth health = ComponentHealth.Of(report);
        Assert.Equal(share, health.KnowledgeLost!.Value, 4 * 0.047 * share);
        Assert.Equal(named, health.Verdicts.Any(verdict => verdict.Kind == VerdictKind.KnowledgeLost));
        if (named)
        {
            AssertSays(VerdictKind.KnowledgeLost, "raise localization", report);
        }
    }

    [Fact]
    public void The_share_is_counted_from_the_checkpoint_to_the_null_line_and_unknown_without_room_between_them()
    {
        ComponentHealth health = new()
        {
            Component = "full",
            MeanLoss = [3, 5],
            InitLoss = 1,
            NullLine = 7,
            Distance = null,
            LocalizationDistance = null,
            RHat = null,
            EffectiveSampleSize = null,
            AutocorrelationTime = null,
            FractionBelowInitLoss = 0,
            GewekeZ = null,
            MalaAcceptance = null,
            Temperature = null,
            GrowthExponent = null,
            Failures = [],
        };
        Assert.Equal(0.5, health.KnowledgeLost);
        Assert.Equal(-1, (health with { InitLoss = 5.5 }).KnowledgeLost);
        Assert.Null((health with { NullLine = null }).KnowledgeLost);
        Assert.Null((health with { NullLine = 1 }).KnowledgeLost);
        Assert.Null((health with { NullLine = 0.5 }).KnowledgeLost);
        Assert.Null((health with { MeanLoss = [] }).KnowledgeLost);
    }

    [Fact]
    public void Chains_dragged_away_by_the_loss_are_named()
    {
        // The minimum is 2 away, where localisation alone would hold the chain at 0.32.
        AssertSays(VerdictKind.DraggedAway, "drags them away", TestRun.Sample(TestRun.Quadratic(1, minimum: 2), Settled));
    }

    [Fact]
    public void Short_runs_and_single_chains_say_what_cannot_be_judged()
    {
        ComponentHealth health = ComponentHealth.Of(TestRun.Sample(TestRun.Quadratic(1), new SamplingOptions { Chains = 1, Draws = 5 }));
        Assert.Equal([VerdictKind.TooFewChains, VerdictKind.TooFewDraws], health.Verdicts.Select(verdict => verdict.Kind));
        Assert.Null(health.RHat);
    }

    [Fact]
    public void Stopped_chains_are_named_and_nothing_is_not_a_number()
    {
        FunctionSurface broken = new(1, [0], (chain, step, _, _) => step == 20 && chain != 1 ? double.NaN : 0);
        FunctionSurface evaluated = new(1, [0], (_, _, _, _) => 0);
        ComponentHealth health = ComponentHealth.Of(TestRun.Sample(broken, Settled, evaluated, name: "l1h7"));
        Assert.Equal([0, 2, 3], health.Failures.Select(failure => failure.Chain));
        Verdict few = Assert.Single(health.Verdicts, verdict => verdict.Kind == VerdictKind.TooFewChains);
        Assert.StartsWith("1 healthy chain cannot show whether", few.Sentence, StringComparison.Ordinal);
        Assert.Contains(health.Verdicts, verdict =>
            verdict.Kind == VerdictKind.ChainsStopped
            && verdict.Sentence.StartsWith("chain 3 of l1h7 was stopped at draw 0 ", StringComparison.Ordinal)
        );

        // The one healthy chain has a constant loss: ratios of variances are unknown, not NaN.
        Assert.False(health.RHat is double rHat && !double.IsFinite(rHat));
        Assert.False(health.EffectiveSampleSize is double size && !double.IsFinite(size));
        Assert.All(health.MeanLoss, loss => Assert.Equal(0, loss));
    }

    private static QuadraticSurface Flat(int dimension)
    {
        double[] hessian = new double[dimension * dimension];
        for (int i = 0; i < dimension; i++)
        {
            hessian[i * (dimension + 1)] = 1;
        }

        return new QuadraticSurface(hessian, new double[dimension], new float[dimension]);
    }

    private static void AssertSays(VerdictKind kind, string words, ComponentReport report)
    {
        ComponentHealth health = ComponentHealth.Of(report);
        Verdict verdict = Assert.Single(health.Verdicts, verdict => verdict.Kind == kind);
        Assert.Contains(words, verdict.Sentence, StringComparison.Ordinal);
    }
}
