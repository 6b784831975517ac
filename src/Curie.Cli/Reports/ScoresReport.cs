using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Development.Effects;
using Curie.Development.Scores;
using Curie.Numerics.Files;
using Curie.Response.Patterns;
using Curie.Response.Runs;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>What the heads of a run's model do by other measures, and how that agrees with their response.</summary>
/// <param name="Run">The run.</param>
/// <param name="Part">The name of the part that is correlated.</param>
/// <param name="Attention">Attention scores by name, one per head.</param>
/// <param name="Bigrams">How close the model is to bigrams.</param>
/// <param name="Ngrams">How well it knows frequent n-grams.</param>
/// <param name="Effects">Ablations and attributions per token.</param>
/// <param name="Classes">The tokens' patterns.</param>
/// <param name="Correlations">The agreement token by token.</param>
/// <param name="Agreements">The agreement of attention scores over heads.</param>
internal sealed record ScoresReport(
    SusceptibilityRun Run,
    string Part,
    IReadOnlyList<(string Name, IReadOnlyList<HeadScore> Scores)> Attention,
    BigramScore Bigrams,
    IReadOnlyList<NgramScore> Ngrams,
    HeadEffects Effects,
    TokenClasses Classes,
    IReadOnlyList<EffectCorrelation> Correlations,
    IReadOnlyList<ScoreAgreement> Agreements)
{
    /// <summary>The file of scores in a run folder.</summary>
    public const string FileName = "scores.json";

    /// <summary>The file of the measures per token in a run folder.</summary>
    public const string ArrayFileName = "effects.npz";

    private const string Explanation =
        "Ablation: loss without the head less loss with it, nats, + where the head helps. r: correlation over tokens of the response with the measure, ± jackknife error over rows. "
        + "A head that expresses what it helps has negative r with ablation; the published experiments found none.";

    private const string AgreementExplanation =
        "r over heads of the score with the head's response to the pattern, apart from what all heads do: below 0, heads of a high score express the pattern more. In parentheses, or dim, what is "
        + "not distinct from 0 at a false discovery rate of 5 %; so few heads show strong agreement only.";

    /// <summary>Keeps everything in the run folder.</summary>
    public void Store(string folder)
    {
        AnalysisJson.Write(folder, FileName, ToJson());
        NpzFile.Write(Path.Combine(folder, ArrayFileName), NpzCompression.Stored, writer =>
        {
            foreach ((string name, IReadOnlyList<float[]> values) in Effects.Measures)
            {
                float[] all = [.. values.SelectMany(row => row)];
                writer.Add<float>(name, all, [values.Count, Run.Data.Tokens.Count]);
            }
        });
    }

    /// <summary>Everything but the values per token.</summary>
    public JsonObject ToJson() => new()
    {
        ["part"] = Part,
        ["heads"] = new JsonArray([.. Effects.Components.Select(name => (JsonNode)name)]),
        ["attention"] = new JsonObject(Attention.Select(score => KeyValuePair.Create(score.Name, (JsonNode?)new JsonObject(score.Scores.Select(head =>
            KeyValuePair.Create(head.Component, (JsonNode?)new JsonObject { ["value"] = head.Value, ["standard_error"] = head.StandardError })))))),
        ["bigrams"] = AnalysisJson.ToNode(Bigrams),
        ["ngrams"] = AnalysisJson.ToNode(Ngrams),
        ["effects"] = new JsonArray([.. Means().Select(one => AnalysisJson.ToNode(one))]),
        ["correlations"] = AnalysisJson.ToNode(Correlations),
        ["head_correlations"] = AnalysisJson.ToNode(Agreements),
    };

    /// <summary>The correlations as CSV.</summary>
    public string CorrelationsCsv => Csv(
        "component,measure,pattern,tokens,correlation,standard_error",
        Correlations.Select(one => string.Create(
            CultureInfo.InvariantCulture, $"{one.Component},{one.Measure},{CsvText.Field(one.Pattern)},{one.Tokens},{one.Correlation:R},{one.StandardError:R}")));

    /// <summary>The correlations over heads as CSV.</summary>
    public string AgreementsCsv => Csv(
        "measure,pattern,heads,correlation,p,q",
        Agreements.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Measure},{CsvText.Field(one.Pattern)},{one.Heads},{one.Correlation:R},{one.P:R},{one.Q:R}")));

    /// <summary>The mean effects as CSV.</summary>
    public string EffectsCsv => Csv(
        "component,measure,over,name,tokens,mean,standard_error",
        Means().Select(one => string.Create(
            CultureInfo.InvariantCulture, $"{one.Component},{one.Measure},{one.Over},{CsvText.Field(one.Name)},{one.Tokens},{one.Mean:R},{one.StandardError:R}")));

    /// <summary>Draws the table of heads and the correlations over all tokens.</summary>
    public void Draw(IAnsiConsole console)
    {
        console.Heading("What each head does by other measures");
        MeanEffect[] means = [.. Means()];
        string[] heads = [.. Effects.Components];
        List<(string Label, Func<string, HeatCell> Cell)> rows =
        [
            .. Attention.Select(score => ($"attention: {score.Name.Replace('_', ' ')}", (Func<string, HeatCell>)(head => Score(score.Scores.First(one => one.Component == head))))),
            .. Run.Manifest.ProbeNames.Select(probe => ($"mean ablation: {probe}", (Func<string, HeatCell>)(head => Effect(means, head, probe)))),
            .. Effects.Measures.Select(measure => ($"r with {measure.Name.Replace('_', ' ')}", (Func<string, HeatCell>)(head => Correlation(head, measure.Name)))),
        ];
        new HeatTable([.. rows.Select(row => row.Label)], heads, (row, head) => rows[row].Cell(heads[head])).Draw(console);
        ReproducibilityView.Sentence(console, string.Create(
            CultureInfo.InvariantCulture,
            $"Bigram score of the model: {Bigrams.CrossEntropy.Mean:0.000} ± {Bigrams.CrossEntropy.StandardError:0.000} nats; bigrams alone would score {Bigrams.Floor.Mean:0.000}."));
        foreach (NgramScore score in Ngrams)
        {
            ReproducibilityView.Sentence(console, string.Create(
                CultureInfo.InvariantCulture,
                $"{score.Length}-gram score: {score.Ratio:0.00} (token {score.Length} of text costs {score.Text.Mean:0.000} ± {score.Text.StandardError:0.000} nats, the end of the frequent {score.Length}-grams {score.Frequent.Mean:0.000} ± {score.Frequent.StandardError:0.000})."));
        }

        console.Note(Explanation);
        DrawAgreements(console);
        foreach (string note in Classes.Notes)
        {
            console.WriteLine(note);
        }
    }

    private void DrawAgreements(IAnsiConsole console)
    {
        if (Agreements.Count == 0)
        {
            return;
        }

        console.Heading("Over heads: attention scores against what sets heads apart on each pattern");
        string[] patterns = [.. Agreements.Select(one => one.Pattern).Distinct()];
        string[] measures = [.. Agreements.Select(one => one.Measure).Distinct()];
        Dictionary<(string, string), ScoreAgreement> found = Agreements.ToDictionary(one => (one.Pattern, one.Measure));
        new HeatTable(patterns, [.. measures.Select(name => name.Replace('_', ' '))], (row, column) => Agreement(found[(patterns[row], measures[column])])).Draw(console);
        console.Note(AgreementExplanation);
    }

    private static HeatCell Agreement(ScoreAgreement one) => new(
        ReproducibilityView.Two(one.Correlation),
        one.P < 0.001 ? "p<.001" : string.Create(CultureInfo.InvariantCulture, $"p={one.P:0.000}"),
        double.IsFinite(one.Correlation) ? one.Correlation : 0,
        Dim: !(one.Q <= 0.05));

    private static string Csv(string header, IEnumerable<string> lines) => string.Concat(lines.Prepend(header).Select(line => line.Replace("NaN", "", StringComparison.Ordinal) + "\n"));

    private static HeatCell Score(HeadScore score) =>
        new(score.Value.ToString("0.000", CultureInfo.InvariantCulture), "±" + score.StandardError.ToString("0.000", CultureInfo.InvariantCulture), score.Value, score.Value < 2 * score.StandardError);

    private static HeatCell Effect(MeanEffect[] means, string head, string probe)
    {
        MeanEffect one = means.First(mean => mean.Component == head && mean.Measure == "mean_ablation" && mean.Over == "probe" && mean.Name == probe);
        double largest = means.Where(mean => mean.Measure == "mean_ablation" && mean.Over == "probe").Max(mean => Math.Abs(mean.Mean));
        return new HeatCell(
            one.Mean.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture),
            "±" + one.StandardError.ToString("0.0000", CultureInfo.InvariantCulture),
            largest > 0 ? one.Mean / largest : 0,
            Dim: !(Math.Abs(one.Mean) > 2 * one.StandardError));
    }

    private HeatCell Correlation(string head, string measure) =>
        Correlations.FirstOrDefault(one => one.Component == head && one.Measure == measure && one.Pattern == EffectCorrelation.All) is { } found
            ? new HeatCell(
                ReproducibilityView.Two(found.Correlation),
                "±" + ReproducibilityView.Two(found.StandardError),
                double.IsFinite(found.Correlation) ? found.Correlation : 0,
                Dim: !(Math.Abs(found.Correlation) > 2 * found.StandardError))
            : new HeatCell("n/a", null, 0, Dim: true);

    private IEnumerable<MeanEffect> Means() => MeanEffect.Of(Run, Effects, Classes);
}
