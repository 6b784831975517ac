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
        Assert.Contains("2 of 3 settings are sound", advice.Reasons[0], StringComparison.Ordinal);
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
        Assert.Equal("more than half of what the model knows is lost", Assert.Single(lost.Objections).Reason);
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
            reason.Contains("60 % of the response's spread", StringComparison.Ordinal)
            && reason.Contains("9 times as many", StringComparison.Ordinal)
        );
        Assert.Equal(0, CalibrationAdvice.Of([large, small]).Cell);
        Assert.Equal(1, CalibrationAdvice.Of([small with { Responses = dear.Responses }, dear]).Cell);
    }

    [Fact]
    public void The_response_decides_only_between_settings_that_leave_nearly_the_same_uncertainty()
    {
        CalibrationCell noisy = Cell(scatter: 0.2) with { Responses = [Response(0.1)] };
        CalibrationCell steady = Cell(scatter: 0.02) with { Responses = [Response(0.9)] };
        Assert.Equal(1, CalibrationAdvice.Of([noisy, steady]).Cell);
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
        Assert.Equal(
            ["the response builds up too slowly (its burn-in takes 60 updates)"],
            Against(Response(null) with { IsMeasured = false })
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
        LearningCoefficient coefficient = measured.Coefficient!;
        return new CalibrationCell(Options, [measured])
        {
            Objections = [.. CalibrationRules.Judge(measured)],
            StepSizeSensitivity = 0,
            RelativeError = coefficient.StandardError!.Value / coefficient.Value,
        };
    }
}
