using System.Text.RegularExpressions;
using Curie.Cli.Reports;
using Curie.Response.Attribution;
using Curie.Studies.Analysis;

namespace Curie.Cli.Tests.Reports;

public sealed partial class LevelViewTests
{
    private static readonly ComponentLevels[] Components =
    [
        new("full", new LevelMean(3, 0.1, 3, 0.1, -0.25, 0.05), new LevelSpread(1.5, 1.25, 0.5, 0.875, 0.9375), 3, null),
        new(
            "l0h0",
            new LevelMean(0.02, 0.001, 0.02, 0.002, -0.0005, 0.00025),
            new LevelSpread(0.04, 0.03125, null, 0.75, 0.8125),
            2,
            new LevelSpread(4e-4, 5e-4, 6e-5, 0.5, null)
        ),
        new(
            "l0h1",
            new LevelMean(0.03, 0.001, 0.03, 0.002, 0.01, 0.001),
            new LevelSpread(null, null, null, double.NaN, null),
            double.NaN,
            new LevelSpread(null, null, null, double.NaN, null)
        ),
    ];

    [Fact]
    public void Both_levels_show_in_one_unit_with_what_is_noise_and_what_is_missing()
    {
        string text = Drawn();
        Assert.Matches(@"E\[φ\] Gaussian, 10⁻³ nats +\+3000 +\+20 +\+30 ", text);
        Assert.Matches(@"±100 +±2 +±2 ", text);
        Assert.Matches(@"E\[φ\] loss adds +-250 +-0\.5 +\+10 ", text);
        Assert.Matches(@"excess Gaussian, 10⁻³ nats +1250 +31\.25 +n/a ", text);
        Assert.Matches(@"excess loss adds +500 +noise +n/a ", text);
        Assert.Matches(@"excess r +0\.88 +0\.75 +n/a ", text);
        Assert.Matches(@"covariance Gaussian, 10⁻⁶ nats² +n/a +500 +n/a ", text);
        Assert.Matches(@"covariance loss adds +n/a +60 +n/a ", text);
    }

    [Fact]
    public void Sentences_say_what_medians_over_components_mean_and_whether_the_levels_pay()
    {
        // Shares of E[φ]: 3/2.75, 20/19.5 and 3/4; correlations .875 and .75, at most .9375 and .8125.
        Assert.StartsWith(
            "Draws that never feel the loss give 102.56 % of E[φ], and over tokens they correlate by 0.81 with "
                + "the excess (at most 0.88 could be seen) and by 0.50 with the covariance (medians",
            LevelWords.Describe(Components),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "have 2.50 times the variance of the two levels added up (median; components 2.00 to 3.00)",
            LevelWords.Pays(Components),
            StringComparison.Ordinal
        );
        Assert.Null(LevelWords.Pays(Components[2..]));
    }

    [Fact]
    public void A_run_without_the_covariance_has_no_lines_of_it()
    {
        using StringWriter output = new();
        LevelView.Draw(ReportConsole.Create(output), [.. Components.Select(component => component with { Covariance = null })]);
        Assert.DoesNotContain("covariance Gaussian", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("with the covariance", Whitespace.Replace(output.ToString(), " "), StringComparison.Ordinal);
    }

    private static string Drawn()
    {
        using StringWriter output = new();
        LevelView.Draw(ReportConsole.Create(output), Components);
        return output.ToString();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace { get; }
}
