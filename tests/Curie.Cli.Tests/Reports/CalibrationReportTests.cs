using Curie.Cli.Reports;
using Curie.Sampling;
using Curie.Sampling.Calibration;
using Curie.Sampling.Chains;
using Curie.Sampling.Diagnostics;
using Curie.Sampling.Networks;
using Curie.Studies.Configuration;

namespace Curie.Cli.Tests.Reports;

public sealed class CalibrationReportTests
{
    private static readonly SamplingOptions Setting = new()
    {
        Chains = 4,
        Draws = 160,
        BurnIn = 30,
        StepsBetweenDraws = 5,
    };

    /// <summary>A recommendation is what a configuration takes: the lines are pasted as they are.</summary>
    [Fact]
    public void A_recommended_setting_stands_as_lines_to_paste()
    {
        CalibrationReport report = new(Experiment, [Sound()], whyNoResponse: "it was left out", verbose: false, stopped: false);

        Assert.Equal(0, report.Advice.Cell);
        Assert.Contains(
            "\nsampling:\n  step_size: 0.0002\n  nbeta: 1000\n  localization: 1000\n  chains: 4\n  draws: 160\n  burn_in: 30\n"
                + "  steps_between_draws: 5\n",
            report.Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_search_that_was_stopped_recommends_nothing()
    {
        CalibrationReport report = new(Experiment, [Sound()], whyNoResponse: "it was left out", verbose: false, stopped: true);

        Assert.Null(report.Advice.Cell);
        Assert.DoesNotContain("sampling:", report.Text, StringComparison.Ordinal);
    }

    private static ExperimentConfiguration Experiment =>
        new()
        {
            Model = "m",
            Sampling = new SamplingConfiguration { Data = "d.npy" },
        };

    /// <summary>Four chains of white noise half a nat above L0 = 1, with a null line of 8.</summary>
    private static CalibrationCell Sound()
    {
        Random random = new(5);
        double[][] trace =
        [
            .. Enumerable
                .Range(0, Setting.Chains)
                .Select(_ => Enumerable.Range(0, Setting.Draws).Select(_ => 1.5 + (0.02 * (random.NextDouble() - 0.5))).ToArray()),
        ];
        ComponentReport report = new("l0h0", 100, Setting, 1, 8, trace, [0.1, 0.1, 0.1, 0.1], []);
        ComponentCoefficient measured = new(report, ComponentHealth.Of(report), LearningCoefficient.Estimate(report));
        return new CalibrationCell(Setting, [measured]) { StepSizeSensitivity = 0 };
    }
}
