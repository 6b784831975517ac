using System.Text.Json.Nodes;
using Curie.Development.Effects;
using Curie.Numerics.Statistics;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Page;

/// <summary>What an earlier <c>curie scores</c> found out about the heads of a run's model and kept in its folder.</summary>
/// <param name="Figures">Attention scores, and correlations of the response with ablation and attribution.</param>
/// <param name="Effects">Mean ablations and attributions by probe and by pattern: `measure`, `over`, `names`, and components × names
/// `values` and `errors`.</param>
internal sealed record PageScores(IReadOnlyList<ComponentFigure> Figures, JsonArray Effects)
{
    // Errors are shown, but no intervals are made from them.
    private const int UnknownDegrees = 0;

    private static readonly Dictionary<string, string> Attention = new()
    {
        ["previous_token"] = "Attention to the token before, mean over random sequences.",
        ["current_token"] = "Attention to the token itself, mean over random sequences.",
        ["prefix_matching"] = "Attention to what followed the same token earlier, mean over repeated random sequences.",
    };

    private static readonly Dictionary<string, string> Measures = new()
    {
        ["zero_ablation"] = "the loss without the head less the loss with it",
        ["mean_ablation"] = "the loss with the head at its mean output less the loss with it",
        ["direct_logit"] = "what the head adds to the predicted token's logit",
    };

    /// <summary>Reads a run folder; nothing where it keeps none, or others than the run's, which notes then say.</summary>
    public static PageScores Read(string folder, RunManifest manifest, List<string> notes)
    {
        string path = Path.Combine(folder, HeadMeasures.FileName);
        if (!File.Exists(path))
        {
            notes.Add(
                "Ablations and attributions of heads are not shown, because the run folder keeps none; curie scores computes and keeps "
                    + "them."
            );
            return new PageScores([], []);
        }

        if (PageJson.Read(path) is not { } stored || !Belongs(stored, manifest))
        {
            notes.Add($"{HeadMeasures.FileName} is damaged or does not belong to this run and is not shown; curie scores writes it anew.");
            return new PageScores([], []);
        }

        return new PageScores([.. AttentionFigures(stored), .. CorrelationFigures(stored)], EffectTables(stored, manifest.Components));
    }

    // Scores are of every head of the model, and a run may have sampled some of them.
    private static bool Belongs(JsonObject stored, RunManifest manifest) =>
        stored["heads"] is JsonArray heads
        && manifest.Components.Where(HeadName.Is).All(component => heads.Any(head => PageJson.Text(head) == component))
        && PageJson
            .Items(stored["effects"])
            .Where(effect => PageJson.Text(PageJson.Key(effect, "over")) == "probe")
            .All(effect => manifest.ProbeNames.Contains(PageJson.Text(PageJson.Key(effect, "name"))));

    private static IEnumerable<ComponentFigure> AttentionFigures(JsonObject stored) =>
        (stored["attention"] as JsonObject ?? []).Select(score => new ComponentFigure(
            Words(score.Key),
            Attention.GetValueOrDefault(score.Key, "Attention, mean over random sequences."),
            (score.Value as JsonObject ?? []).ToDictionary(
                head => head.Key,
                head => Estimate(PageJson.Key(head.Value, "value"), PageJson.Key(head.Value, "standard_error"))
            )
        ));

    private static IEnumerable<ComponentFigure> CorrelationFigures(JsonObject stored) =>
        PageJson
            .Items(stored["correlations"])
            .Where(one => PageJson.Text(PageJson.Key(one, "pattern")) == EffectCorrelation.All)
            .GroupBy(one => PageJson.Text(PageJson.Key(one, "measure")) ?? "")
            .Select(measure => new ComponentFigure(
                $"r with {Words(measure.Key)}",
                $"Correlation over tokens of {PageJson.Text(stored["part"])} with "
                    + $"{Measures.GetValueOrDefault(measure.Key, Words(measure.Key))}, with its jackknife error over rows.",
                measure.ToDictionary(
                    one => PageJson.Text(PageJson.Key(one, "component")) ?? "",
                    one => Estimate(PageJson.Key(one, "correlation"), PageJson.Key(one, "standard_error"))
                )
            ));

    private static JsonArray EffectTables(JsonObject stored, IReadOnlyList<string> components)
    {
        JsonArray tables = [];
        foreach (
            IGrouping<(string?, string?), JsonNode?> table in PageJson
                .Items(stored["effects"])
                .GroupBy(effect => (PageJson.Text(PageJson.Key(effect, "measure")), PageJson.Text(PageJson.Key(effect, "over"))))
        )
        {
            string[] names = [.. table.Select(effect => PageJson.Text(PageJson.Key(effect, "name")) ?? "").Distinct()];
            Dictionary<(string, string), JsonNode?> cells = table.ToDictionary(effect =>
                (PageJson.Text(PageJson.Key(effect, "component")) ?? "", PageJson.Text(PageJson.Key(effect, "name")) ?? "")
            );
            tables.Add(
                new JsonObject
                {
                    ["measure"] = Words(table.Key.Item1 ?? ""),
                    ["meaning"] = Measures.GetValueOrDefault(table.Key.Item1 ?? "", ""),
                    ["over"] = table.Key.Item2,
                    ["names"] = PageJson.Texts(names),
                    ["values"] = Matrix("mean"),
                    ["errors"] = Matrix("standard_error"),
                }
            );

            JsonArray Matrix(string key) =>
                new([
                    .. components.Select(component =>
                        (JsonNode)
                            new JsonArray([
                                .. names.Select(name => PageJson.Key(cells.GetValueOrDefault((component, name)), key)?.DeepClone()),
                            ])
                    ),
                ]);
        }

        return tables;
    }

    private static MeanEstimate Estimate(JsonNode? value, JsonNode? error) =>
        new(PageJson.Value(value), PageJson.Value(error), UnknownDegrees);

    private static string Words(string name) => name.Replace('_', ' ');
}
