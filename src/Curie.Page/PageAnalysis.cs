using System.Text.Json.Nodes;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Response.Estimators;
using Curie.Response.Maps;
using Curie.Response.Modes;
using Curie.Studies.Analysis;

namespace Curie.Page;

/// <summary>What an earlier <c>curie structure</c> found out about a run and kept in its folder, as far as it belongs to the run.</summary>
internal static class PageAnalysis
{
    private static readonly string[] Passed =
    [
        "view",
        "attribution",
        "pattern_rates",
        "mode_patterns",
        "pattern_expression",
        "standardized_response",
        "clusters",
        "modularity",
    ];
    private static readonly string WithLoadings = ResponseView.Standardized(ResponsePart.Excess).Name([]);
    private static readonly string[] SurveyFigures = ["mode", "explained_variance", "reliability", "draws_needed", "alignment"];

    /// <summary>The analysis; null where there is none, which notes then say.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="groups">The groups of the modes of the run's main part, as <see cref="PageModes"/> makes them.</param>
    /// <param name="kept">The run's tokens that the page holds, rising.</param>
    /// <param name="notes">What a reader should know.</param>
    public static JsonObject? Read(string folder, JsonArray groups, int[] kept, List<string> notes)
    {
        string path = Path.Combine(folder, RunAnalysis.FileName);
        if (!File.Exists(path))
        {
            notes.Add(
                "Token patterns, clusters, and the parts that modes come from are not shown, because the run folder keeps none of them; "
                    + "curie structure computes and keeps them."
            );
            return null;
        }

        if (PageJson.Read(path) is not { } stored || !Belongs(stored, groups))
        {
            notes.Add(
                $"{RunAnalysis.FileName} is damaged or does not belong to these estimates and is not shown; curie structure writes it anew."
            );
            return null;
        }

        return new JsonObject(Passed.Select(key => KeyValuePair.Create(key, stored[key]?.DeepClone())))
        {
            ["survey"] = new JsonArray([.. PageJson.Items(stored["survey"]).Select(Survey)]),
            ["influence"] = stored["influence"] is JsonObject influence ? Influence(influence, kept) : null,
        };
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
    private static bool Belongs(JsonObject stored, JsonArray groups) =>
        stored["survey"] is JsonArray survey
        && survey.Count == groups.Count
        && survey.Zip(groups).All(pair => IsOf(pair.First, pair.Second!));

    private static bool IsOf(JsonNode? surveyed, JsonNode group)
    {
        JsonArray explained = (JsonArray)group["explained"]!;
        return PageJson.Text(PageJson.Key(surveyed, "group")) == PageJson.Text(group["name"])
            && PageJson.Items(PageJson.Key(surveyed, "views")).FirstOrDefault() is { } published
            && PageJson.Key(published, "modes") is JsonArray modes
            && modes.Count <= explained.Count
            && modes.Zip(explained).All(pair => PageJson.IsSame(PageJson.Key(pair.First, "explained_variance"), pair.Second));
    }

    private static JsonObject Survey(JsonNode? group) =>
        new()
        {
            ["group"] = PageJson.Text(PageJson.Key(group, "group")),
            ["views"] = new JsonArray([
                .. PageJson
                    .Items(PageJson.Key(group, "views"))
                    .Select(view => new JsonObject
                    {
                        ["view"] = PageJson.Text(PageJson.Key(view, "view")),
                        ["reason"] = PageJson.Text(PageJson.Key(view, "reason")),
                        ["modes"] = new JsonArray([
                            .. PageJson
                                .Items(PageJson.Key(view, "modes"))
                                .Select(mode => Mode(mode, PageJson.Text(PageJson.Key(view, "view")) == WithLoadings)),
                        ]),
                    }),
            ]),
        };

    private static JsonObject Mode(JsonNode? mode, bool loadings) =>
        new(
            SurveyFigures.Concat(loadings ? ["loadings"] : []).Select(key => KeyValuePair.Create(key, PageJson.Key(mode, key)?.DeepClone()))
        );

    /// <summary>Tokens as places on the page; those that it does not hold are only counted.</summary>
    private static JsonObject? Influence(JsonObject influence, int[] kept)
    {
        int missing = 0;
        int? token = Place(influence["token"]);
        return token is null
            ? null
            : new JsonObject
            {
                ["token"] = token,
                ["components"] = influence["components"]?.DeepClone(),
                ["together"] = Partners("together"),
                ["against"] = Partners("against"),
                ["missing"] = missing,
            };

        JsonArray Partners(string side)
        {
            JsonArray partners = [];
            foreach (JsonNode? partner in PageJson.Items(influence[side]))
            {
                if (Place(PageJson.Key(partner, "token")) is { } place)
                {
                    JsonNode copy = partner!.DeepClone();
                    copy["token"] = place;
                    partners.Add(copy);
                }
                else
                {
                    missing++;
                }
            }

            return partners;
        }

        int? Place(JsonNode? index) =>
            PageJson.Value(index) is var number && double.IsFinite(number) && Array.BinarySearch(kept, (int)number) is >= 0 and var at
                ? at
                : null;
    }
}
