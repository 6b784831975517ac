using System.Globalization;
using Curie.Cli.Output;
using Curie.Numerics;
using Curie.Response.Agreement;
using Curie.Studies.Analysis;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Draws whether the covariances of two runs are the same numbers.</summary>
internal static class AgreementView
{
    private const string Explanation =
        "Slope: of least squares over tokens, each run less its mean over tokens, with the noise of the regressor taken out; its error "
        + "is of the batches of both runs. Expected: what the step makes of one covariance, from linear losses that localisation alone "
        + "holds to quadratic ones in the stiffest direction that the scatter of the loss allows. z: standard errors outside of it, 0 "
        + "inside. Noise: the share of a run's variance over tokens that is sampling error. all: every component scaled to the same size.";

    /// <summary>Draws one table.</summary>
    public static void Draw(IAnsiConsole console, CovarianceAgreement agreement)
    {
        (string regressor, string other) = agreement.IsRunRegressor ? ("this run", "the other run") : ("the other run", "this run");
        console.Heading(
            $"Slope of the covariance of {other} ({RunWords.Of(agreement.Other)}) on that of {regressor} "
                + $"({RunWords.Of(agreement.Regressor)}), over {Counted.Of(agreement.Tokens, "token")}"
        );
        ComponentSlope[] known = [.. agreement.Components.Where(slope => slope.Reason is null)];
        if (agreement.Pooled is { } pooled)
        {
            console.WriteLine(
                TextTable.Render(
                    ["component", "slope", "± s.e.", "expected", "z", $"noise, {regressor}", $"noise, {other}"],
                    [.. known.Select(Row), Row(pooled)]
                )
            );
        }

        foreach (ComponentSlope none in agreement.Components.Where(slope => slope.Reason is not null))
        {
            ReproducibilityView.Sentence(console, $"{none.Component} has no slope: {none.Reason}");
        }

        string[] bare = [.. known.Where(slope => double.IsNaN(slope.StandardError)).Select(slope => slope.Component)];
        if (bare.Length > 0)
        {
            ReproducibilityView.Sentence(
                console,
                $"A run has too few batches for the errors of {string.Join(", ", bare)}: more draws or chains."
            );
        }

        if (agreement.WhyNoneExpected is { } reason)
        {
            ReproducibilityView.Sentence(console, $"No slope is expected: {reason}.");
        }

        if (agreement.SharedNoise)
        {
            ReproducibilityView.Sentence(
                console,
                "Both runs have the same seed, so their chains may share noise: slopes and errors are those of independent runs, which "
                    + "another --seed gives."
            );
        }

        console.Note(Explanation);
    }

    private static string[] Row(ComponentSlope slope) =>
        [
            slope.Component,
            Number(slope.Slope, "F3"),
            Number(slope.StandardError, "F3"),
            slope.Expected is { } range
                ? (range.High - range.Low < 5e-4 ? Number(range.Low, "F3") : $"{Number(range.Low, "F3")} – {Number(range.High, "F3")}")
                : "–",
            Number(slope.Z, "F1"),
            Share(slope.RegressorNoise),
            Share(slope.OtherNoise),
        ];

    private static string Number(double value, string format) =>
        double.IsNaN(value) ? "–"
        : double.IsInfinity(value) ? "∞"
        : Math.Round(value, 3, MidpointRounding.AwayFromZero).ToString(format, CultureInfo.InvariantCulture);

    private static string Share(double share) => double.IsFinite(share) ? NumberScale.Percent(share) : "–";
}
