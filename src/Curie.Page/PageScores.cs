using Curie.Development.Effects;
using Curie.Numerics.Statistics;
using Curie.Page.Data;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Page;

/// <summary>What an earlier <c>curie scores</c> found out about the heads of a run's model and kept in its folder.</summary>
/// <param name="Figures">Attention scores, and correlations of the response with ablation and attribution.</param>
/// <param name="Effects">Mean ablations and attributions by probe and by pattern.</param>
internal sealed record PageScores(IReadOnlyList<ComponentFigure> Figures, IReadOnlyList<EffectsData> Effects)
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
        if (!File.Exists(Path.Combine(folder, HeadScoresRecord.FileName)))
        {
            notes.Add(
                "Ablations and attributions of heads are not shown, because the run folder keeps none; curie scores computes and keeps "
                    + "them."
            );
            return new PageScores([], []);
        }

        if (PageJson.Stored(() => HeadScoresRecord.Read(folder)) is not { } stored || !Belongs(stored, manifest))
        {
            notes.Add(
                $"{HeadScoresRecord.FileName} is damaged or does not belong to this run and is not shown; curie scores writes it anew."
            );
            return new PageScores([], []);
        }

        return new PageScores([.. AttentionFigures(stored), .. CorrelationFigures(stored)], EffectTables(stored, manifest.Components));
    }

    // Scores are of every head of the model, and a run may have sampled some of them.
    private static bool Belongs(HeadScoresRecord stored, RunManifest manifest) =>
        manifest.Components.Where(HeadName.Is).All(stored.Heads.Contains)
        && stored.Effects.Where(effect => effect.Over == "probe").All(effect => manifest.ProbeNames.Contains(effect.Name));

    private static IEnumerable<ComponentFigure> AttentionFigures(HeadScoresRecord stored) =>
        stored.Attention.Select(score => new ComponentFigure(
            Words(score.Key),
            Attention.GetValueOrDefault(score.Key, "Attention, mean over random sequences."),
            score.Value.ToDictionary(head => head.Key, head => new MeanEstimate(head.Value.Value, head.Value.StandardError, UnknownDegrees))
        ));

    private static IEnumerable<ComponentFigure> CorrelationFigures(HeadScoresRecord stored) =>
        stored
            .Correlations.Where(one => one.Pattern == EffectCorrelation.All)
            .GroupBy(one => one.Measure)
            .Select(measure => new ComponentFigure(
                $"r with {Words(measure.Key)}",
                $"Correlation over tokens of {stored.Part} with "
                    + $"{Measures.GetValueOrDefault(measure.Key, Words(measure.Key))}, with its jackknife error over rows.",
                measure.ToDictionary(one => one.Component, one => new MeanEstimate(one.Correlation, one.StandardError, UnknownDegrees))
            ));

    private static IReadOnlyList<EffectsData> EffectTables(HeadScoresRecord stored, IReadOnlyList<string> components) =>
        [
            .. stored
                .Effects.GroupBy(effect => (effect.Measure, effect.Over))
                .Select(table => EffectTable(table.Key.Measure, table.Key.Over, [.. table], components)),
        ];

    private static EffectsData EffectTable(string measure, string over, MeanEffect[] effects, IReadOnlyList<string> components)
    {
        string[] names = [.. effects.Select(effect => effect.Name).Distinct()];
        Dictionary<(string, string), MeanEffect> cells = effects.ToDictionary(effect => (effect.Component, effect.Name));
        return new EffectsData(
            Words(measure),
            Measures.GetValueOrDefault(measure, ""),
            over,
            names,
            Matrix(effect => effect.Mean),
            Matrix(effect => effect.StandardError)
        );

        double[][] Matrix(Func<MeanEffect, double> figure) =>
            [
                .. components.Select(component =>
                    names.Select(name => cells.TryGetValue((component, name), out MeanEffect? cell) ? figure(cell) : double.NaN).ToArray()
                ),
            ];
    }

    private static string Words(string name) => name.Replace('_', ' ');
}
