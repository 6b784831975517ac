using System.Text.Json;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Response.Tests.Accumulation;

namespace Curie.Response.Tests.Reproducibility;

public sealed class RunReproducibilityTests
{
    private const int Tokens = 2000;
    private const int Components = 4;
    private static readonly ReproducibilityOptions Options = new()
    {
        Modes = 3,
        Bootstraps = 200,
        Permutations = 99,
        Seed = 3,
    };

    /// <summary>
    /// A pattern over tokens that all components share, of variance 1, scaled by the component; and one of their own, of variance 1/4.
    /// </summary>
    private static readonly double[] Shared = Pattern(1);

    private static readonly double[][] Own = [.. Enumerable.Range(2, Components).Select(Pattern)];

    [Fact]
    public void The_halves_correlation_and_reliability_are_those_of_the_construction()
    {
        // Signal variance 1.25, noise variance 2 in each of 8 batches: halves 1.25/(1.25 + 2/4), all 1.25/(1.25 + 2/8). The standard error
        // of r over n
        // tokens is (1 − r²)/√n, and patterns drawn at random make up the signal's variance to 1/√(n/2): four of both together stay below
        // 0.06.
        GroupReproducibility group = Try(Run(Signal, noise: Math.Sqrt(2), chains: 4, batches: 2, seed: 61)).Groups[0];
        Assert.Equal(4, group.Chains);
        Assert.Equal(8, group.Batches);
        Assert.False(group.HalvesOfOneChain);
        Assert.All(group.Components, component =>
        {
            Assert.Equal(1.25 / 1.75, component.HalfCorrelation, 0.06);
            Assert.Equal(1.25 / 1.5, component.Reliability, 0.06);
            Assert.Null(component.DrawsNeeded);
        });
    }

    [Fact]
    public void Where_noise_outweighs_the_signal_the_draws_that_would_show_it_are_named()
    {
        // Reliability ρ = 1.25/(1.25 + 24/8) = 0.294; for 0.8 it takes 4(1 − ρ)/ρ = 9.6 times as many draws. Four standard errors of r,
        // 0.08, move ρ to
        // between 0.19 and 0.39 and the factor to between 6.3 and 17.
        GroupReproducibility group = Try(Run(Signal, noise: Math.Sqrt(24), chains: 4, batches: 2, seed: 62)).Groups[0];
        Assert.All(group.Components, component => Assert.InRange(component.DrawsNeeded!.Value, 6.3, 17));
    }

    [Fact]
    public void Pure_noise_has_no_reliability_and_is_not_promised_a_number_of_draws()
    {
        // r of 2000 tokens is 0 ± 0.022; where it is below zero no factor exists, where it is above, the factor is at least 4(1 − ρ)/ρ > 18
        // at ρ < 0.18.
        GroupReproducibility group = Try(Run((_, _) => 0, noise: 1, chains: 4, batches: 2, seed: 63)).Groups[0];
        Assert.All(group.Components, component =>
        {
            Assert.Equal(0, component.HalfCorrelation, 4 * 0.022);
            Assert.True(component.DrawsNeeded is null or > 18);
        });
    }

    [Fact]
    public void A_shared_pattern_is_a_mode_that_repeats_itself_and_permutations_do_not_make_another_is_not()
    {
        RunReproducibility result = Try(Run(Signal, noise: 0.5, chains: 4, batches: 2, seed: 64));
        ModeReproducibility first = result.Groups[0].Modes[0];
        ModeReproducibility second = result.Groups[0].Modes[1];

        // XᵀX/n has 1 on every element and 0.25 + 0.25/8 more on the diagonal: shares 4.28/5.125, and 0.28/5.125 for each of the others.
        // Tokens are random:
        // four times 1/√(n/2) of the first share's complement.
        Assert.Equal(4.28125 / 5.125, first.ExplainedVariance.Value, 0.03);
        Assert.InRange(4.25 / 5, first.ExplainedVariance.Low - 0.02, first.ExplainedVariance.High + 0.02);
        Assert.Equal(1.0 / (1 + Options.Permutations), first.Permutation!.PValue, 1e-12);
        Assert.Equal(0.25, first.Permutation.NullMean, 0.03);
        Assert.InRange(second.Permutation!.PValue, 0.02, 1);
        Assert.InRange(first.Reliability, 0.98, 1);
        Assert.InRange(first.LoadingAngle, 0, 5);
        Assert.InRange(first.ChanceAngle, 45, 75);
        Assert.All(first.Loadings.Values, loading => Assert.InRange(0.5, loading.Low - 0.02, loading.High + 0.02));
        Assert.InRange(second.LoadingAngle, first.LoadingAngle, 90);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_whatever_the_workers_and_another_seed_other_ones()
    {
        SusceptibilityRun run = Run(Signal, noise: 1, chains: 3, batches: 3, seed: 65);
        string once = RecordJson.ToText(Try(run));
        using WorkerPool pool = new(3);
        Assert.Equal(once, RecordJson.ToText(RunReproducibility.Of(run, ResponsePart.Susceptibility, Groups(run), Options, pool)));
        Assert.NotEqual(
            once,
            RecordJson.ToText(RunReproducibility.Of(run, ResponsePart.Susceptibility, Groups(run), Options with { Seed = 4 }))
        );
    }

    [Fact]
    public void The_matrix_of_probes_and_components_is_tried_too()
    {
        // Components go up or down from one probe to the other by 2, the noise of a probe's mean over 1000 tokens and 4 batches is 0.016: r
        // above 0.999.
        MatrixReproducibility matrix = Try(
            Run((c, i) => (c % 2 == 0 ? 1 : -1) * (i < Tokens / 2 ? 1 : -1), noise: 1, chains: 4, batches: 2, seed: 66)
        ).Matrix!;
        Assert.Equal(2, matrix.Probes);
        Assert.Equal(Components, matrix.Components);
        Assert.InRange(matrix.HalfCorrelation, 0.999, 1);
        Assert.InRange(matrix.Reliability, matrix.HalfCorrelation, 1);
    }

    [Fact]
    public void A_single_chain_is_said_to_be_one() =>
        Assert.True(Try(Run(Signal, noise: 1, chains: 1, batches: 8, seed: 67)).Groups[0].HalvesOfOneChain);

    [Fact]
    public void A_control_that_is_the_run_doubled_has_the_same_structure_at_twice_the_size()
    {
        SusceptibilityRun run = Run(Signal, noise: 0.1, chains: 2, batches: 2, seed: 68);
        SusceptibilityRun control = Run((c, i) => 2 * Signal(c, i), noise: 0.2, chains: 2, batches: 2, seed: 68, control: true);
        ControlComparison comparison = ControlComparison.Of(run, OfSeed(control, 2), ResponsePart.Susceptibility, Options);
        Assert.False(comparison.SharesNoise);
        ControlGroup group = Assert.Single(comparison.Groups);
        Assert.Equal(2, group.FrobeniusRatio, 1e-5);
        Assert.All(group.Components, component =>
        {
            Assert.Equal(1, component.Correlation, 1e-6);
            Assert.Equal(2, component.SizeRatio, 1e-5);
            Assert.InRange(component.Ceiling!.Value, 0.99, 1);
        });

        // An angle of float32 data is known to √(2·10⁻⁷) radians.
        Assert.All(group.Modes, mode => Assert.InRange(mode.LoadingAngle, 0, 0.1));
        Assert.All(group.Modes, mode => Assert.Equal(mode.ExplainedVariance, mode.ControlExplainedVariance, 1e-6));
    }

    /// <summary>
    /// Values of a part are the signal with sampling error; the control's are another signal that shares s of the run's variance. With
    /// 1000 tokens and five components r is known to about 1/√5000.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(0.6)]
    [InlineData(0)]
    public void A_verdict_says_which_share_is_there_without_the_loss(double shared)
    {
        double Other(int c, int i) => Math.Sin((c * 7919) + (i * 1.7));
        double Own(int c, int i) => Math.Sin((c * 104729) + (i * 2.9) + 1);
        SusceptibilityRun run = Run(Own, noise: 0.5, chains: 4, batches: 2, seed: 68);
        SusceptibilityRun control = Run(
            (c, i) => 2 * ((Math.Sqrt(shared) * Own(c, i)) + (Math.Sqrt(1 - shared) * Other(c, i))),
            noise: 0.5,
            chains: 4,
            batches: 2,
            seed: 70,
            control: true
        );
        ControlPartVerdict part = ControlVerdict.Of(run, OfSeed(control, 2)).Parts.Single(one => one.Part == "chi");
        Assert.InRange(part.Ceiling!.Value, 0.7, 1);
        Assert.InRange(part.Correlation, 0, part.Ceiling.Value + 0.05);
        Assert.Equal(shared, part.ShareExplained!.Value, 0.1);
        Assert.Equal(1 - part.ShareExplained, part.ShareAdded);
        Assert.InRange(part.SizeRatio, 1.5, 2.1);
        Assert.Equal(Components, part.Components.Count);
        Assert.All(part.Components, one => Assert.Equal(shared, one.ShareExplained!.Value, 0.2));
        Assert.InRange(shared, part.ShareInterval!.Low, part.ShareInterval.High);
        Assert.InRange(part.ShareInterval.High - part.ShareInterval.Low, 1e-6, 0.25);
        Assert.All(part.Components, one => Assert.NotNull(one.ShareInterval));

        // Of one seed, what correlates may be noise.
        ControlPartVerdict same = ControlVerdict.Of(run, control).Parts.Single(one => one.Part == "chi");
        Assert.Null(same.ShareExplained);
        Assert.Null(same.ShareInterval);

        // Of a component that has lost chains its own are taken, and of all together those that all have.
        SusceptibilityRun lame = Run(Own, noise: 0.5, chains: 4, batches: 2, seed: 68);
        ExcludeChain(lame, component: 1, chain: 0);
        ControlPartVerdict partly = ControlVerdict.Of(lame, OfSeed(control, 2)).Parts.Single(one => one.Part == "chi");
        Assert.InRange(shared, partly.ShareInterval!.Low, partly.ShareInterval.High);
        Assert.Equal(part.Components[0].ShareInterval, partly.Components[0].ShareInterval);
        Assert.NotEqual(part.Components[1].ShareInterval, partly.Components[1].ShareInterval);
        Assert.NotEqual(part.ShareInterval, partly.ShareInterval);
        Assert.Throws<InputException>(() => ControlVerdict.Of(run, run));
    }

    private static void ExcludeChain(SusceptibilityRun run, int component, int chain)
    {
        BatchData batches = run.Data.Batches!;
        for (int batch = 0; batch < run.Manifest.Shape.Batches; batch++)
        {
            batches.ShiftDatasetRow(component + 1, chain, batch).Span.Fill(double.NaN);
            batches.ShiftRow(component + 1, chain, batch).Span.Fill(float.NaN);
            batches.CovarianceRow(component, chain, batch).Span.Fill(float.NaN);
        }
    }

    /// <summary>Of one seed, run and control have the same noise: how far sampling errors let them agree cannot be said.</summary>
    [Fact]
    public void A_control_of_the_runs_own_seed_has_no_ceiling_and_one_of_other_settings_is_refused()
    {
        SusceptibilityRun run = Run(Signal, noise: 0.1, chains: 2, batches: 2, seed: 68);
        SusceptibilityRun control = Run(Signal, noise: 0.2, chains: 2, batches: 2, seed: 68, control: true);
        ControlComparison comparison = ControlComparison.Of(run, control, ResponsePart.Susceptibility, Options);
        Assert.True(comparison.SharesNoise);
        Assert.All(Assert.Single(comparison.Groups).Components, component => Assert.Null(component.Ceiling));

        SusceptibilityRun tight = With(run, """{"sampling": {"nbeta": 10, "localization": 300, "draws": 4}}""");
        ControlComparison.Of(
            tight,
            With(control, """{"sampling": {"nbeta": 0, "localization": 300, "draws": 9}}"""),
            ResponsePart.Susceptibility,
            Options
        );
        AssertRefused(
            "was sampled with another localization than the run",
            tight,
            With(control, """{"sampling": {"nbeta": 0, "localization": 1000, "draws": 4}}""")
        );
        AssertRefused(
            "another observable",
            With(run, """{"sampling": {"observable": {"probe": "a"}}}"""),
            With(control, """{"sampling": {}}""")
        );
    }

    private static SusceptibilityRun OfSeed(SusceptibilityRun run, long seed) =>
        run with
        {
            Manifest = run.Manifest with { Seeds = new Dictionary<string, long> { ["sampling"] = seed } },
        };

    private static SusceptibilityRun With(SusceptibilityRun run, string configuration) =>
        run with
        {
            Manifest = run.Manifest with { Configuration = JsonDocument.Parse(configuration).RootElement },
        };

    [Fact]
    public void A_control_with_an_unrelated_pattern_shares_nothing_beyond_chance()
    {
        double[] other = Pattern(99);
        SusceptibilityRun run = Run(Signal, noise: 0.1, chains: 2, batches: 2, seed: 69);
        SusceptibilityRun control = Run((_, i) => other[i], noise: 0.1, chains: 2, batches: 2, seed: 70, control: true);
        ControlGroup group = Assert.Single(ControlComparison.Of(run, control, ResponsePart.Susceptibility, Options).Groups);

        // Four standard errors of a correlation of 2000 unrelated tokens.
        Assert.All(group.Components, component => Assert.Equal(0, component.Correlation, 4 / Math.Sqrt(Tokens)));
        Assert.InRange(group.Modes[0].ScoreAngle, 84, 90);
    }

    [Fact]
    public void A_run_that_is_no_control_or_another_experiments_is_refused_in_words()
    {
        SusceptibilityRun run = Run(Signal, noise: 1, chains: 2, batches: 2, seed: 71);
        SusceptibilityRun control = Run(Signal, noise: 1, chains: 2, batches: 2, seed: 71, control: true);
        AssertRefused("was not sampled at nbeta 0", run, run);
        control.Data.Tokens.InitLoss[5] = 1;
        AssertRefused("another model", run, control);
        control.Data.Tokens.Row[7] = 1;
        AssertRefused("other tokens", run, control);
    }

    [Theory]
    [InlineData(0.5, 2.0 / 3, 2)]
    [InlineData(1.0 / 9, 0.2, 16)]
    [InlineData(1, 1, 0)]
    public void Spearman_and_Browns_formula(double half, double all, double factor)
    {
        // ρ = 2r/(1 + r), and 0.8(1 − ρ)/(ρ·0.2) times the draws for 0.8.
        Reliability reliability = new(half);
        Assert.Equal(all, reliability.Corrected, 1e-12);
        Assert.Equal(factor, reliability.DrawsNeeded!.Value, 1e-12);
        Assert.Null(new Reliability(-0.1).DrawsNeeded);
    }

    [Fact]
    public void Principal_angles_of_planes_that_are_known()
    {
        double turn = double.DegreesToRadians(30);
        double[][] first =
        [
            [1, 0, 0],
            [0, 1, 0],
        ];
        double[][] second =
        [
            [1, 0, 0],
            [0, Math.Cos(turn), Math.Sin(turn)],
        ];
        Assert.Equal(30, PrincipalAngles.Largest(PrincipalAngles.Products(first, second, 2)), 1e-10);
        Assert.Equal(0, PrincipalAngles.Largest(PrincipalAngles.Products(first, second, 1)), 1e-6);

        // Two directions in the plane: uniform between 0 and 90 degrees, a mean of 45 and a standard error of 26/√199.
        Assert.Equal(45, PrincipalAngles.OfRandomSubspaces(2, 1, 5), 4 * 26 / Math.Sqrt(199));
        Assert.Equal(0, PrincipalAngles.OfRandomSubspaces(3, 3, 5), 1e-5);
    }

    [Fact]
    public void Components_without_tokens_in_common_pass_the_permutation_test_as_often_as_they_should()
    {
        // p is uniform on 1/100 … 1 for unrelated components, heavy tails or not: of 40 runs 2 are expected at or below 0.05, and more than
        // 8 come once in 5000.
        ReproducibilityOptions one = Options with { Modes = 1 };
        int significant = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            System.Random random = new(seed);
            ReadOnlyMemory<float>[] rows =
            [
                .. Enumerable
                    .Range(0, Components)
                    .Select(_ =>
                        (ReadOnlyMemory<float>)
                            Enumerable.Range(0, 300).Select(_ => (float)Math.Pow(LossTrace.Gaussian(random), 3)).ToArray()
                    ),
            ];
            significant += PermutationNull.Of(rows, "test", one)[0].PValue <= 0.05 ? 1 : 0;
        }

        Assert.InRange(significant, 0, 8);
    }

    private static void AssertRefused(string words, SusceptibilityRun run, SusceptibilityRun control) =>
        Assert.Contains(
            words,
            Assert.Throws<InputException>(() => ControlComparison.Of(run, control, ResponsePart.Susceptibility, Options)).Message,
            StringComparison.Ordinal
        );

    private static double Signal(int component, int token) => Shared[token] + (0.5 * Own[component][token]);

    private static double[] Pattern(int seed)
    {
        System.Random random = new(seed);
        return [.. Enumerable.Range(0, Tokens).Select(_ => LossTrace.Gaussian(random))];
    }

    private static SusceptibilityRun Run(
        Func<int, int, double> signal,
        double noise,
        int chains,
        int batches,
        int seed,
        bool control = false
    ) => SyntheticRun.Of(signal, noise, Components, Tokens, chains, batches, seed, control);

    private static IReadOnlyList<GroupModes> Groups(SusceptibilityRun run) => GroupModes.Of(run, ResponsePart.Susceptibility);

    private static RunReproducibility Try(SusceptibilityRun run) =>
        RunReproducibility.Of(run, ResponsePart.Susceptibility, Groups(run), Options);
}
