using Curie.Numerics;
using Curie.Sampling.Calibration;
using Curie.Sampling.Chains;
using Curie.Sampling.Diagnostics;
using Curie.Sampling.Networks;

namespace Curie.Sampling.Tests.Calibration;

/// <summary>Which of several settings is recommended, from traces that are made up.</summary>
public sealed class CalibrationAdviceTests
{
    private static readonly SamplingOptions Options = new()
    {
        Chains = 4,
        Draws = 60,
        NBeta = 10,
        StepSize = 1e-3,
    };

    [Fact]
    public void Cells_run_through_every_combination_and_know_their_neighbours()
    {
        CalibrationGrid grid = new()
        {
            StepSizes = [1, 2],
            NBetas = [3, 4, 5],
            Localizations = [6, 7],
        };
        Assert.Equal(
            [
                [7, 6],
                [9, 8],
                [11, 10],
                [1, 0],
                [3, 2],
                [5, 4],
            ],
            grid.Lines
        );
        IReadOnlyList<SamplingOptions> cells = grid.Cells(Options);
        Assert.Equal(12, grid.Count);
        Assert.Equal(12, cells.Select(cell => (cell.StepSize, cell.NBeta, cell.Localization)).Distinct().Count());
        for (int cell = 0; cell < 12; cell++)
        {
            Assert.Equal(cells[cell].StepSize == 1, grid.Neighbour(cell, 0, -1) is null);
            Assert.Equal(cells[cell].NBeta == 5, grid.Neighbour(cell, 1, 1) is null);
            if (grid.Neighbour(cell, 1, 1) is int next)
            {
                Assert.Equal(
                    (cells[cell].StepSize, cells[cell].NBeta + 1, cells[cell].Localization),
                    (cells[next].StepSize, cells[next].NBeta, cells[next].Localization)
                );
            }
        }
    }

    /// <summary>nβ = ν·γ and ε = (εγ)/γ, to two digits.</summary>
    [Fact]
    public void Shares_and_steps_are_of_the_localisation()
    {
        CalibrationGrid grid = new()
        {
            Steps = [0.1, 0.4],
            LossShares = [0.1],
            Localizations = [300, 10_000],
        };
        Assert.Equal(
            [(3.3e-4, 30, 300), (1e-5, 1000, 10_000), (1.3e-3, 30, 300), (4e-5, 1000, 10_000)],
            grid.Cells(Options).Select(cell => (cell.StepSize, cell.NBeta, cell.Localization))
        );
        Assert.Throws<InputException>(new CalibrationGrid { Steps = [2] }.Validate);
    }

    /// <summary>
    /// εγ = .4 has a memory of 5 updates: a burn-in of 15, draws 3 apart, which keep (1 − 1/5)⁶ = .262 of the excess loss, so that one in
    /// 1.711 is independent: 160·1.711/4 = 68.4 of four single chains. Asked for 500 draws one update apart (.64 kept, one in 4.56), the
    /// setting is left as it is.
    /// </summary>
    [Fact]
    public void A_setting_measured_at_length_has_enough_independent_draws_and_burn_in()
    {
        CalibrationEffort effort = new();
        SamplingOptions asked = Options with { StepSize = 4e-5, Localization = 10_000, Draws = 20 };
        SamplingOptions full = effort.Full(asked);
        Assert.Equal((15, 3, 69, 4), (full.BurnIn, full.StepsBetweenDraws, full.Draws, full.Chains));
        SamplingOptions pairs = effort.Full(asked with { Antithetic = true });
        Assert.Equal(137, pairs.Draws);
        SamplingOptions coarse = effort.Coarse(asked with { BurnIn = 1000 });
        Assert.Equal((15, 3, 18, 2), (coarse.BurnIn, coarse.StepsBetweenDraws, coarse.Draws, coarse.Chains));
        SamplingOptions many = asked with { Draws = 500, BurnIn = 40 };
        Assert.Equal(many, effort.Full(many));
    }

    /// <summary>
    /// ε(γ + nβh) = 1e-3·(100 + 50·h) reaches 4 at h = 78; 3·2/(εγ) reaches 20·60 updates at ε = 5e-5; εγ 2 at ε = .02.
    /// </summary>
    [Fact]
    public void Settings_that_cannot_be_sound_are_refused_by_arithmetic()
    {
        SamplingOptions options = Options with { StepSize = 1e-3, NBeta = 50, Localization = 100 };
        Assert.Null(CalibrationRules.Refuse(options, [("l0h0", 77), ("l0h1", 3)], withResponse: true));
        CalibrationObjection unstable = CalibrationRules.Refuse(options, [("l0h0", 3), ("l0h1", 79)], withResponse: true)!;
        Assert.Equal(("l0h1", "the step is unstable"), (unstable.Component, unstable.Finding));
        Assert.Null(CalibrationRules.Refuse(options with { StepSize = 5.1e-5 }, [("l0h0", 1)], withResponse: true));
        Assert.Equal(
            "chains forget too slowly",
            CalibrationRules.Refuse(options with { StepSize = 4.9e-5 }, [("l0h0", 1)], withResponse: false)!.Finding
        );
        SamplingOptions over = options with { StepSize = 0.0201, NBeta = 1 };
        Assert.Null(CalibrationRules.Refuse(over, [("l0h0", 1)], withResponse: false));
        Assert.Equal("the step overshoots the localisation", CalibrationRules.Refuse(over, [("l0h0", 1)], withResponse: true)!.Finding);
    }

    [Theory]
    [InlineData(new double[0])]
    [InlineData(new[] { 2.0, 1.0 })]
    [InlineData(new[] { 0.0, 1.0 })]
    [InlineData(new[] { 1.0, double.NaN })]
    public void Lists_that_are_empty_or_not_ascending_positive_numbers_are_refused(double[] values) =>
        Assert.Throws<InputException>(new CalibrationGrid { NBetas = values }.Validate);

    [Fact]
    public void The_sound_cell_with_the_least_uncertainty_is_recommended()
    {
        CalibrationCell noisy = Cell(scatter: 0.2);
        CalibrationCell steady = Cell(scatter: 0.02);
        CalibrationCell drifting = Cell(scatter: 0.001, slope: 0.02);
        CalibrationAdvice advice = CalibrationAdvice.Of([noisy, drifting, steady]);
        Assert.NotEmpty(drifting.Objections);
        Assert.Equal(2, advice.Cell);
        Assert.Contains("2 settings of 3 measured at length are sound", advice.Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public void None_is_recommended_where_none_is_sound_and_the_commonest_remedy_is_named()
    {
        CalibrationAdvice advice = CalibrationAdvice.Of([Cell(scatter: 0.001, slope: 0.02), Cell(scatter: 0.001, slope: 0.03)]);
        Assert.Null(advice.Cell);
        Assert.Contains(advice.Reasons, reason =>
            reason.Contains("still rising", StringComparison.Ordinal) && reason.Contains("more burn-in", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_coefficient_that_is_lost_in_its_error_speaks_against_a_setting()
    {
        CalibrationCell cell = Cell(scatter: 0.5, level: 0.02);
        Assert.Contains(cell.Objections, objection => objection.Reason.Contains("not above zero", StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_whose_chains_did_not_move_or_lost_what_the_model_knows_are_not_recommended()
    {
        CalibrationCell noisy = Cell(scatter: 0.2);
        CalibrationCell still = Cell(scatter: 0.02, distance: 0);
        CalibrationCell lost = Cell(scatter: 0.02, level: 0.6 * (8 - 1));
        Assert.StartsWith("the chains did not move", Assert.Single(still.Objections).Reason, StringComparison.Ordinal);
        Assert.Equal("more than half of what the model knows is lost", Assert.Single(lost.Objections).Finding);
        Assert.Equal(1, CalibrationAdvice.Of([still, noisy, lost]).Cell);
        Assert.Null(CalibrationAdvice.Of([still, lost]).Cell);
    }

    /// <summary>
    /// λ̂ = 2 and 4 with errors of next to nothing differ by ln 2; with equal values by 0; a negative one gives nothing to compare.
    /// </summary>
    [Fact]
    public void Sensitivity_is_the_log_ratio_beyond_three_standard_errors()
    {
        Assert.Equal(Math.Log(2), CalibrationRules.Sensitivity(Estimate(2, 1e-9), Estimate(4, 1e-9))!.Value, 1e-6);
        Assert.Equal(0, CalibrationRules.Sensitivity(Estimate(2, 1), Estimate(4, 1)));
        Assert.Null(CalibrationRules.Sensitivity(Estimate(-1, 1), Estimate(4, 1)));
        Assert.Null(CalibrationRules.Sensitivity(null, Estimate(4, 1)));
    }

    /// <summary>
    /// Both have the same λ̂. An error of .4 takes (.4/.2)² = 4 times the draws: 100 + 4·50 token evaluations; one of .6 takes 9 times: 10
    /// + 9·20 at draws that cost less. Without responses,
    /// and with equal work, the larger step is chosen.
    /// </summary>
    [Fact]
    public void Of_settings_with_equal_coefficients_the_one_whose_response_takes_the_least_work_is_recommended()
    {
        CalibrationCell large = Cell(scatter: 0.02) with { Options = Options with { StepSize = 2e-3 } };
        CalibrationCell small = Cell(scatter: 0.02);
        CalibrationCell dear = large with { Responses = [Response(0.4) with { BurnInWork = 100, DrawWork = 50 }] };
        CalibrationCell cheap = small with { Responses = [Response(0.6) with { BurnInWork = 10, DrawWork = 20 }] };
        Assert.Equal(300, dear.ResponseWork!.Value, 1e-9);
        Assert.Equal(190, cheap.ResponseWork!.Value, 1e-9);
        CalibrationAdvice advice = CalibrationAdvice.Of([dear, cheap]);
        Assert.Equal(1, advice.Cell);
        Assert.Contains(advice.Reasons, reason =>
            reason.Contains("error is 60 % of its spread", StringComparison.Ordinal)
            && reason.Contains("9 times as many", StringComparison.Ordinal)
        );
        Assert.Equal(0, CalibrationAdvice.Of([large, small]).Cell);
        Assert.Equal(1, CalibrationAdvice.Of([small with { Responses = dear.Responses }, dear]).Cell);
    }

    /// <summary>
    /// The least r/ceiling is .6 ± .05. With .78 ± .12 the difference is .18 of 2·.13: nearly equal, and less work; .8 ± .05 is .2 of
    /// 2·.071 above it and .9 is not nearly equal, whatever its work. `full` counts only where it is alone.
    /// </summary>
    [Fact]
    public void Of_sound_settings_the_one_where_sampling_adds_most_is_recommended_within_errors_by_work()
    {
        CalibrationCell strong = Cell(scatter: 0.02) with { Responses = [Controlled(0.6, 0.05, 500)] };
        CalibrationCell near = Cell(scatter: 0.2) with { Responses = [Controlled(0.78, 0.12, 100)] };
        CalibrationCell far = Cell(scatter: 0.02) with { Responses = [Controlled(0.8, 0.05, 1)] };
        CalibrationCell curvature = Cell(scatter: 0.01) with { Responses = [Controlled(1, 0.01, 1)] };
        Assert.Equal(1, CalibrationAdvice.Of([strong, near, far, curvature]).Cell);
        Assert.Equal(0, CalibrationAdvice.Of([strong, far, curvature]).Cell);
        CalibrationAdvice advice = CalibrationAdvice.Of([curvature]);
        Assert.Contains("only the checkpoint's curvature shows", advice.Reasons[1], StringComparison.Ordinal);
        CalibrationCell withFull = strong with
        {
            Responses = [Controlled(0.1, 0.01, 1) with { Component = "full" }, Controlled(0.6, 0.06, 1), Controlled(0.8, 0.08, 1)],
        };
        Assert.Equal(0.7, withFull.OfCeiling!.Value, 1e-12);
        Assert.Equal(0.05, withFull.OfCeilingError!.Value, 1e-12);
        Assert.Equal(0.1, (strong with { Responses = [withFull.Responses[0]] }).OfCeiling!.Value, 1e-12);
    }

    /// <summary>R̂ 1.07 is within the scatter of few draws, and a run's verdict all the same.</summary>
    [Fact]
    public void Settings_are_judged_by_the_verdicts_of_a_run()
    {
        CalibrationCell cell = Cell(scatter: 0.2);
        ComponentCoefficient measured = cell.Coefficients[0];
        Verdict disagree = new(VerdictKind.ChainsDisagree, "");
        ComponentCoefficient scattered = measured with { Health = measured.Health with { RHat = 1.07, Verdicts = [disagree] } };
        Assert.Equal("the chains disagree (split R̂ 1.07)", Assert.Single(CalibrationRules.Judge(scattered)).Reason);
        Assert.Empty(CalibrationRules.JudgeCoarsely(scattered));
        foreach (VerdictKind kind in Enum.GetValues<VerdictKind>().Except([VerdictKind.ZeroFilledInitLoss, VerdictKind.CheckpointDiverged]))
        {
            Verdict verdict = new(kind, "");
            ComponentCoefficient judged = measured with { Health = measured.Health with { Verdicts = [verdict] } };
            Assert.Single(CalibrationRules.Judge(judged));
        }
    }

    [Fact]
    public void Where_none_is_sound_for_all_the_best_of_each_kind_is_shown()
    {
        CalibrationObjection ofFull = new("full", "the chains have left the basin", "");
        CalibrationObjection ofHead = new("l0h1", "the chains disagree (split R̂ 1.2)", "");
        CalibrationCell first = Several(["full", "l0h1", "l1.mlp"]) with { Objections = [ofFull, new("l1.mlp", "heat (2)", "")] };
        CalibrationCell second = Several(["full", "l0h1", "l1.mlp"]) with { Objections = [ofHead, new("l1.mlp", "heat (3)", "")] };
        CalibrationAdvice advice = CalibrationAdvice.Of([first, second]);
        Assert.Null(advice.Cell);
        Assert.Equal(
            [
                new KindAdvice("full", 1, "l0h1: the chains disagree (split R̂ 1.2)"),
                new KindAdvice("attention heads", 0, "full: the chains have left the basin"),
                new KindAdvice("MLPs", null, "heat"),
            ],
            advice.Kinds
        );
    }

    [Fact]
    public void A_setting_whose_response_has_an_unknown_error_counts_as_the_dearest()
    {
        CalibrationCell unknown = Cell(scatter: 0.02) with { Options = Options with { StepSize = 2e-3 }, Responses = [Response(null)] };
        CalibrationCell known = Cell(scatter: 0.02) with { Responses = [Response(0.9)] };
        Assert.Null(unknown.ResponseWork);
        Assert.Equal(1, CalibrationAdvice.Of([unknown, known]).Cell);
    }

    [Fact]
    public void A_response_that_has_settled_and_is_linear_and_clear_speaks_against_nothing()
    {
        Assert.Empty(CalibrationRules.Judge(Response(0.9)));
        Assert.Empty(CalibrationRules.Judge(Response(null) with { Shadow = null, Nonlinearity = null }));
    }

    [Fact]
    public void What_speaks_against_a_response_is_named()
    {
        Assert.Equal(["the response did not settle"], Against(Response(0.5) with { Shadow = new ShadowStatistics(0.1, 1.5, 0.01) }));
        Assert.Equal(["the perturbation is too large for a linear response"], Against(Response(0.5) with { Nonlinearity = 0.2 }));
        Assert.Equal(["chains of the response were stopped"], Against(Response(0.5) with { StoppedChains = 1 }));
        Assert.Equal(
            ["the response is lost in its error (2 times its spread over tokens: 100 times as many draws bring that to 0.2)"],
            Against(Response(2))
        );
        Assert.Equal(
            ["the response is lost in its error (no spread over tokens is seen beyond it)"],
            Against(Response(double.PositiveInfinity))
        );

        static IEnumerable<string> Against(ComponentResponse response) =>
            CalibrationRules.Judge(response).Select(objection => objection.Reason);
    }

    private static ComponentResponse Response(double? error) =>
        new()
        {
            Component = "l0h0",
            BurnIn = 60,
            RelativeError = error,
            Shadow = new ShadowStatistics(0.1, 1, 0.01),
            Nonlinearity = 0.01,
            BurnInWork = 1000,
            DrawWork = 1000,
        };

    private static ComponentResponse Controlled(double ofCeiling, double error, long work) =>
        Response(0.2) with
        {
            Control = new ControlCorrelation(ofCeiling, 1, ofCeiling, error),
            BurnInWork = 0,
            DrawWork = work,
        };

    private static CalibrationCell Several(IReadOnlyList<string> names)
    {
        ComponentCoefficient one = Cell(scatter: 0.02).Coefficients[0];
        return new CalibrationCell(Options, [.. names.Select(name => one with { Report = one.Report with { Component = name } })]);
    }

    private static LearningCoefficient Estimate(double value, double error) => new(value, error, error, 10, null, 4, 100);

    /// <summary>
    /// A cell of one component whose four chains scatter about a level above L0 = 1, with a null line of 8; white noise from a fixed
    /// generator.
    /// </summary>
    private static CalibrationCell Cell(double scatter, double slope = 0, double level = 0.5, double distance = 0.1)
    {
        Random random = new(5);
        double[][] trace =
        [
            .. Enumerable
                .Range(0, Options.Chains)
                .Select(_ =>
                    Enumerable
                        .Range(0, Options.Draws)
                        .Select(draw => 1 + level + (slope * draw) + (scatter * (random.NextDouble() - 0.5)))
                        .ToArray()
                ),
        ];
        ComponentReport report = new("l0h0", 100, Options, 1, 8, trace, [distance, distance, distance, distance], []);
        ComponentCoefficient measured = new(report, ComponentHealth.Of(report), LearningCoefficient.Estimate(report));
        return new CalibrationCell(Options, [measured]) { Objections = [.. CalibrationRules.Judge(measured)], StepSizeSensitivity = 0 };
    }
}
