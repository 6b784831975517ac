using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;

namespace Curie.Response.Attribution;

/// <summary>One mode of one view of a response.</summary>
/// <param name="Mode">The mode, from 1.</param>
/// <param name="ExplainedVariance">Its share of the view's variance.</param>
/// <param name="HalfCorrelation">The correlation over tokens of its scores between halves of the draws; NaN where it is unknown.</param>
/// <param name="Reliability">The same for all draws, by Spearman and Brown.</param>
/// <param name="DrawsNeeded">Where noise exceeds the signal: how many times as many draws bring the reliability to 0.8; null where no
/// signal is seen at all.</param>
/// <param name="Alignment">|v·u|, its loadings against those of the first view's mode of the same number; 1 where they agree.</param>
/// <param name="Loadings">Its loadings by component.</param>
public sealed record SurveyMode(
    int Mode,
    double ExplainedVariance,
    double HalfCorrelation,
    double Reliability,
    double? DrawsNeeded,
    double Alignment,
    IReadOnlyDictionary<string, double> Loadings
);

/// <summary>The first modes of one view.</summary>
/// <param name="View">The view's name.</param>
/// <param name="Tokens">The number of tokens.</param>
/// <param name="Modes">Its modes.</param>
/// <param name="Reason">Why there are none, or why nothing is known of their reliability; null otherwise.</param>
public sealed record SurveyedView(string View, int Tokens, IReadOnlyList<SurveyMode> Modes, string? Reason);

/// <summary>
/// The modes of one group as they come out in different views: of χ and of each other part on its own, of χ without the common factor,
/// under every
/// centring, and of every probe's tokens alone. The first view is the published analysis; of a run without χ, the excess takes its place.
/// </summary>
/// <param name="Group">The group's name.</param>
/// <param name="Views">The views.</param>
public sealed record ModeSurvey(string Group, IReadOnlyList<SurveyedView> Views)
{
    /// <summary>The views in their order.</summary>
    /// <param name="run">What the run holds: parts that it does not hold have no view, and with one probe that probe's own view is left
    /// out.</param>
    public static IReadOnlyList<ResponseView> ViewsOf(RunManifest run)
    {
        ArgumentNullException.ThrowIfNull(run);
        ResponseView main = new() { Part = run.MainPart };
        int probes = run.ProbeNames.Count > 1 ? run.ProbeNames.Count : 0;
        ResponseView[] views =
        [
            main,
            .. main.Part.UsesFull ? [main with { WithoutFullShift = true }] : Array.Empty<ResponseView>(),
            new ResponseView { Part = ResponsePart.Covariance },
            ResponseView.Standardized(ResponsePart.Covariance),
            new ResponseView { Part = ResponsePart.Excess },
            ResponseView.Standardized(ResponsePart.Excess),
            new ResponseView { Part = ResponsePart.Renormalization },
            main with
            {
                Centring = Centring.HeadAndToken,
            },
            main with
            {
                Centring = Centring.ZScore,
            },
            main with
            {
                Centring = Centring.ZScoreAndToken,
            },
            .. Enumerable.Range(0, probes).Select(probe => main with { Probe = probe }),
        ];
        return [.. views.Where(view => run.Holds(view.Part)).Distinct()];
    }

    /// <summary>Surveys every group of components.</summary>
    /// <param name="run">The run.</param>
    /// <param name="modes">How many modes of each view.</param>
    public static IReadOnlyList<ModeSurvey> Of(SusceptibilityRun run, int modes)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Of(run, ViewsOf(run.Manifest), modes);
    }

    /// <summary>Surveys every group of components in some views.</summary>
    /// <param name="run">The run.</param>
    /// <param name="views">The views, at least one; the first is what the others are compared with.</param>
    /// <param name="modes">How many modes of each view.</param>
    public static IReadOnlyList<ModeSurvey> Of(SusceptibilityRun run, IReadOnlyList<ResponseView> views, int modes)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(views);
        ArgumentOutOfRangeException.ThrowIfLessThan(modes, 1);
        IReadOnlyList<GroupModes>[] factored = [.. views.Select(view => GroupModes.Of(run, view))];
        return
        [
            .. factored[0]
                .Select(
                    (published, g) =>
                        new ModeSurvey(
                            published.Name,
                            [.. views.Select((view, v) => Survey(run, view, factored[v][g], published.Modes, modes))]
                        )
                ),
        ];
    }

    private static SurveyedView Survey(SusceptibilityRun run, ResponseView view, GroupModes group, ModeAnalysis? published, int modes)
    {
        string name = view.Name(run.Manifest.ProbeNames);
        int tokens = view.TokensOf(run.Data.Tokens).Count;
        if (group.Modes is not { } found)
        {
            return new SurveyedView(name, tokens, [], group.Reason);
        }

        int count = Math.Min(modes, found.Count);
        (double[]? halves, string? reason) = HalfCorrelations(run, view, found, count);
        return new SurveyedView(
            name,
            tokens,
            [.. Enumerable.Range(0, count).Select(k => Mode(found, published, k, new Reliability(halves?[k] ?? double.NaN)))],
            reason
        );
    }

    private static SurveyMode Mode(ModeAnalysis found, ModeAnalysis? published, int k, Reliability reliability) =>
        new(
            k + 1,
            found.ExplainedVariance[k],
            reliability.HalfCorrelation,
            reliability.Corrected,
            double.IsFinite(reliability.HalfCorrelation) && reliability.IsBelowNoise ? reliability.DrawsNeeded : null,
            published is not null && published.Components.SequenceEqual(found.Components)
                ? Math.Abs(Moments.Dot(found.Loadings(k), published.Loadings(k)))
                : double.NaN,
            found.Components.Select((component, c) => KeyValuePair.Create(component, found.Loadings(k)[c])).ToDictionary()
        );

    private static (double[]? Halves, string? Reason) HalfCorrelations(
        SusceptibilityRun run,
        ResponseView view,
        ModeAnalysis found,
        int count
    )
    {
        int[] rows = [.. found.Components.Select(name => run.Manifest.Components.ToList().IndexOf(name))];
        (BatchEstimate? estimate, string? reason) = BatchEstimate.Of(run, rows, view.Part);
        if (estimate is null)
        {
            return (null, reason);
        }

        IReadOnlyList<(double[] First, double[] Second)> halves = BatchChoice.Halves(estimate.Draws, estimate.Units.Count);
        Range sampled = Sampled(run, view, estimate);
        if (halves.Count == 0 || sampled.End.Value - sampled.Start.Value < 3)
        {
            return (null, "too few batches or sampled tokens to compare halves of the draws.");
        }

        double[] sums = new double[count];
        foreach ((double[] first, double[] second) in halves)
        {
            double[][] left = Centred(estimate, view, first, sampled);
            double[][] right = Centred(estimate, view, second, sampled);
            for (int k = 0; k < count; k++)
            {
                sums[k] += Moments.Correlation(Along(left, found.Loadings(k)), Along(right, found.Loadings(k))) / halves.Count;
            }
        }

        return (sums, null);
    }

    private static Range Sampled(SusceptibilityRun run, ResponseView view, BatchEstimate estimate)
    {
        (int start, int count) = view.TokensOf(run.Data.Tokens);
        int first = 0;
        int end = 0;
        foreach (int token in estimate.Tokens)
        {
            first += token < start ? 1 : 0;
            end += token < start + count ? 1 : 0;
        }

        return first..end;
    }

    private static double[][] Centred(BatchEstimate estimate, ResponseView view, double[] shares, Range tokens)
    {
        double[][] values = [.. estimate.Values(view.Part, shares).Select(row => row[tokens])];
        view.Apply(values, view.WithoutFullShift ? estimate.FullShift(shares)[tokens] : []);
        return values;
    }

    private static double[] Along(double[][] values, ReadOnlySpan<double> loadings)
    {
        double[] scores = new double[values[0].Length];
        for (int c = 0; c < values.Length; c++)
        {
            for (int i = 0; i < scores.Length; i++)
            {
                scores[i] += loadings[c] * values[c][i];
            }
        }

        return scores;
    }
}
