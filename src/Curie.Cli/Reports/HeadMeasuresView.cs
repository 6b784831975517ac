using System.Globalization;
using Curie.Cli.Invocation;
using Curie.Development.Effects;
using Curie.Development.Scores;
using Curie.Studies.Analysis;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Draws what the heads of a run's model do by other measures, and how that agrees with their response.</summary>
internal static class HeadMeasuresView
{
    private const string Explanation =
        "Ablation: loss without the head less loss with it, nats, + where the head helps. r: correlation over tokens of the response "
        + "with the measure, ± jackknife error over rows. A head that expresses what it helps has negative r with ablation; the "
        + "published experiments found none.";

    private const string AgreementExplanation =
        "r over heads of the score with the head's response to the pattern, apart from what all heads do: below 0, heads of a high score "
        + "express the pattern more. In parentheses, or dim, what is not distinct from 0 at a false discovery rate of 5 %; so few heads "
        + "show strong agreement only.";

    /// <summary>Draws the table of heads and the correlations over all tokens.</summary>
    public static void Draw(IAnsiConsole console, HeadMeasures measures)
    {
        console.Heading("What each head does by other measures");
        MeanEffect[] means = [.. measures.Means()];
        string[] heads = [.. measures.Effects.Components];
        List<(string Label, Func<string, HeatCell> Cell)> rows =
        [
            .. measures.Attention.Select(score =>
                (
                    $"attention: {score.Name.Replace('_', ' ')}",
                    (Func<string, HeatCell>)(head => Score(score.Scores.First(one => one.Component == head)))
                )
            ),
            .. measures.Run.Manifest.ProbeNames.Select(probe =>
                ($"mean ablation: {probe}", (Func<string, HeatCell>)(head => Effect(means, head, probe)))
            ),
            .. measures.Effects.Measures.Select(measure =>
                ($"r with {measure.Name.Replace('_', ' ')}", (Func<string, HeatCell>)(head => Correlation(measures, head, measure.Name)))
            ),
        ];
        new HeatTable([.. rows.Select(row => row.Label)], heads, (row, head) => rows[row].Cell(heads[head])).Draw(console);
        ReproducibilityView.Sentence(console, Bigrams(measures.Bigrams));
        foreach (NgramScore score in measures.Ngrams)
        {
            ReproducibilityView.Sentence(
                console,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{score.Length}-gram score: {score.Ratio:0.00} (token {score.Length} of text costs {score.Text.Mean:0.000} ± "
                        + $"{score.Text.StandardError:0.000} nats, the end of the frequent {score.Length}-grams "
                        + $"{score.Frequent.Mean:0.000} ± {score.Frequent.StandardError:0.000})."
                )
            );
        }

        console.Note(Explanation);
        DrawAgreements(console, measures);
        if (measures.Modes.Count > 0)
        {
            ModeRolesView.Draw(console, measures.Modes);
        }

        if (measures.Paths.Count > 0)
        {
            PathView.Draw(console, measures.Paths);
        }

        foreach (string note in measures.Classes.Notes)
        {
            console.WriteLine(OptionWords.Of(note));
        }
    }

    private static string Bigrams(BigramScore? score) =>
        score is null
            ? "The model has no bigram score, since its outputs are not its tokens."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Bigram score of the model: {score.CrossEntropy.Mean:0.000} ± {score.CrossEntropy.StandardError:0.000} nats; "
                    + $"bigrams alone would score {score.Floor.Mean:0.000}."
            );

    private static void DrawAgreements(IAnsiConsole console, HeadMeasures measures)
    {
        if (measures.Agreements.Count == 0)
        {
            return;
        }

        console.Heading("Over heads: attention scores against what sets heads apart on each pattern");
        string[] patterns = [.. measures.Agreements.Select(one => one.Pattern).Distinct()];
        string[] names = [.. measures.Agreements.Select(one => one.Measure).Distinct()];
        Dictionary<(string, string), ScoreAgreement> found = measures.Agreements.ToDictionary(one => (one.Pattern, one.Measure));
        new HeatTable(patterns, [.. names.Select(name => name.Replace('_', ' '))], (row, column) =>
            Agreement(found[(patterns[row], names[column])])
        ).Draw(console);
        console.Note(AgreementExplanation);
    }

    private static HeatCell Agreement(ScoreAgreement one) =>
        new(
            NumberScale.Two(one.Correlation),
            one.P < 0.001 ? "p<.001" : string.Create(CultureInfo.InvariantCulture, $"p={one.P:0.000}"),
            double.IsFinite(one.Correlation) ? one.Correlation : 0,
            Dim: !(one.Q <= 0.05)
        );

    private static HeatCell Score(HeadScore score) =>
        new(
            score.Value.ToString("0.000", CultureInfo.InvariantCulture),
            "±" + score.StandardError.ToString("0.000", CultureInfo.InvariantCulture),
            score.Value,
            score.Value < 2 * score.StandardError
        );

    private static HeatCell Effect(MeanEffect[] means, string head, string probe)
    {
        MeanEffect one = means.First(mean =>
            mean.Component == head && mean.Measure == "mean_ablation" && mean.Over == "probe" && mean.Name == probe
        );
        double largest = means.Where(mean => mean.Measure == "mean_ablation" && mean.Over == "probe").Max(mean => Math.Abs(mean.Mean));
        return new HeatCell(
            one.Mean.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture),
            "±" + one.StandardError.ToString("0.0000", CultureInfo.InvariantCulture),
            largest > 0 ? one.Mean / largest : 0,
            Dim: !(Math.Abs(one.Mean) > 2 * one.StandardError)
        );
    }

    private static HeatCell Correlation(HeadMeasures measures, string head, string measure) =>
        measures.Correlations.FirstOrDefault(one => one.Component == head && one.Measure == measure && one.Pattern == EffectCorrelation.All)
            is { } found
            ? new HeatCell(
                NumberScale.Two(found.Correlation),
                "±" + NumberScale.Two(found.StandardError),
                double.IsFinite(found.Correlation) ? found.Correlation : 0,
                Dim: !(Math.Abs(found.Correlation) > 2 * found.StandardError)
            )
            : new HeatCell("n/a", null, 0, Dim: true);
}
