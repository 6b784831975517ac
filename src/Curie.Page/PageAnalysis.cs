using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Page.Data;
using Curie.Response.Attribution;
using Curie.Response.Estimators;
using Curie.Response.Influence;
using Curie.Response.Maps;
using Curie.Response.Modes;
using Curie.Studies.Analysis;

namespace Curie.Page;

/// <summary>What an earlier <c>curie structure</c> found out about a run and kept in its folder, as far as it belongs to the run.</summary>
internal static class PageAnalysis
{
    private static readonly string WithLoadings = ResponseView.Standardized(ResponsePart.Excess).Name([]);

    /// <summary>The analysis; null where there is none, which notes then say.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="groups">The groups of the modes of the run's main part, as <see cref="PageModes"/> makes them.</param>
    /// <param name="kept">The run's tokens that the page holds, rising.</param>
    /// <param name="notes">What a reader should know.</param>
    public static AnalysisData? Read(string folder, IReadOnlyList<ModeGroupData> groups, int[] kept, List<string> notes)
    {
        if (!File.Exists(Path.Combine(folder, AnalysisRecord.FileName)))
        {
            notes.Add(
                "Token patterns, clusters, and the parts that modes come from are not shown, because the run folder keeps none of them; "
                    + "curie structure computes and keeps them."
            );
            return null;
        }

        if (PageJson.Stored(() => AnalysisRecord.Read(folder)) is not { } stored || !Belongs(stored, groups))
        {
            notes.Add(
                $"{AnalysisRecord.FileName} is damaged or does not belong to these estimates and is not shown; curie structure writes it "
                    + "anew."
            );
            return null;
        }

        return new AnalysisData(
            stored.View,
            stored.Attribution,
            stored.PatternRates,
            stored.ModePatterns,
            stored.PatternExpression,
            stored.StandardizedResponse,
            stored.Clusters,
            stored.Modularity,
            [.. stored.Survey.Select(Survey)],
            stored.Influence is { } influence ? Influence(influence, kept) : null,
            stored.OtherPatterns
        );
    }

    /// <summary>
    /// Adds the map of tokens: `map_x` and `map_y` (NaN for tokens that are not on it), `map_cluster` and `token_pattern` (−1 for none).
    /// </summary>
    /// <returns>Whether there is one.</returns>
    public static bool AddMap(string folder, int tokens, int[] kept, PageArrays arrays, List<string> notes)
    {
        string path = Path.Combine(folder, TokenMap.FileName);
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            using NpzReader reader = NpzFile.Open(path);
            using NpyArray<int> mapped = reader.Read<int>("map_token");
            using NpyArray<float> places = reader.Read<float>("map_xy");
            using NpyArray<int> clusters = reader.Read<int>("map_cluster");
            using NpyArray<int> patterns = reader.Read<int>("token_pattern");
            if (patterns.Length != tokens || places.Length != 2 * mapped.Length || clusters.Length != mapped.Length)
            {
                throw new InputException($"{path} holds another number of tokens than the run.");
            }

            float[] x = new float[kept.Length];
            float[] y = new float[kept.Length];
            int[] cluster = new int[kept.Length];
            int[] order = mapped.ToArray();
            for (int i = 0; i < kept.Length; i++)
            {
                int at = Array.BinarySearch(order, kept[i]);
                (x[i], y[i], cluster[i]) =
                    at < 0 ? (float.NaN, float.NaN, -1) : (places.Span[2 * at], places.Span[(2 * at) + 1], clusters.Span[at]);
            }

            arrays.Add("map_x", x);
            arrays.Add("map_y", y);
            arrays.Add("map_cluster", cluster);
            arrays.Add("token_pattern", Array.ConvertAll(kept, token => patterns.Span[token]));
            return true;
        }
        catch (InputException error)
        {
            notes.Add($"The map of neighbours is not shown: {error.Message}");
            return false;
        }
    }

    /// <summary>Whether the surveyed modes of the main part, the first view of every group, are those of the run.</summary>
    private static bool Belongs(AnalysisRecord stored, IReadOnlyList<ModeGroupData> groups) =>
        stored.Survey.Count == groups.Count && stored.Survey.Zip(groups).All(pair => IsOf(pair.First, pair.Second));

    private static bool IsOf(ModeSurvey surveyed, ModeGroupData group) =>
        surveyed.Group == group.Name
        && surveyed.Views.Count > 0
        && surveyed.Views[0].Modes is { } modes
        && modes.Count <= group.Explained.Count
        && modes.Zip(group.Explained).All(pair => PageJson.IsSame(pair.First.ExplainedVariance, pair.Second));

    private static SurveyData Survey(ModeSurvey survey) =>
        new(
            survey.Group,
            [
                .. survey.Views.Select(view => new SurveyedViewData(
                    view.View,
                    view.Reason,
                    [.. view.Modes.Select(mode => Mode(mode, view.View == WithLoadings))]
                )),
            ]
        );

    private static SurveyedModeData Mode(SurveyMode mode, bool loadings) =>
        new(mode.Mode, mode.ExplainedVariance, mode.Reliability, mode.DrawsNeeded, mode.Alignment, loadings ? mode.Loadings : null);

    /// <summary>Tokens as places on the page; those that it does not hold are only counted.</summary>
    private static InfluenceData? Influence(TokenInfluence influence, int[] kept)
    {
        if (Place(influence.Token) is not { } token)
        {
            return null;
        }

        TokenPartner[] together = Partners(influence.Together);
        TokenPartner[] against = Partners(influence.Against);
        int missing = influence.Together.Count + influence.Against.Count - together.Length - against.Length;
        return new InfluenceData(token, influence.Components, together, against, missing);

        TokenPartner[] Partners(IReadOnlyList<TokenPartner> partners) =>
            [
                .. from partner in partners
                let place = Place(partner.Token)
                where place is not null
                select partner with
                {
                    Token = place.Value,
                },
            ];

        int? Place(int index) => Array.BinarySearch(kept, index) is >= 0 and var at ? at : null;
    }
}
