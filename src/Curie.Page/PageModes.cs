using System.Text.Json.Nodes;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Page;

/// <summary>
/// The modes of a run as a page shows them, with what an earlier <c>curie structure</c> kept about how well they are known.
/// </summary>
internal static class PageModes
{
    /// <summary>The most modes of a group.</summary>
    public const int MostModes = 8;

    /// <summary>The modes of every part that the run holds, group by group.</summary>
    public static JsonObject Of(SusceptibilityRun run)
    {
        JsonObject parts = [];
        foreach (ResponsePart part in run.Manifest.HeldParts)
        {
            parts[part.Name] = new JsonArray([.. GroupModes.Of(run, part).Select(Group)]);
        }

        return parts;
    }

    /// <summary>
    /// What the run folder keeps of <see cref="ReproducibilityFile"/> by part; notes say which file is of no use, and why.
    /// </summary>
    public static JsonObject Reproducibility(string folder, JsonObject modes, List<string> notes)
    {
        JsonObject found = [];
        foreach ((string part, JsonNode? groups) in modes)
        {
            string path = Path.Combine(folder, ReproducibilityFile.Name(part));
            if (!File.Exists(path))
            {
                continue;
            }

            if (PageJson.Read(path) is { } stored && Belongs(stored, (JsonArray)groups!))
            {
                found[part] = stored;
            }
            else
            {
                notes.Add(
                    $"{ReproducibilityFile.Name(part)} is damaged or does not belong to these estimates and is not shown; curie "
                        + "structure writes it anew."
                );
            }
        }

        if (found.Count == 0)
        {
            notes.Add(
                "Modes stand without intervals and without a null, because the run folder keeps none; curie structure computes and keeps "
                    + "them."
            );
        }

        return found;
    }

    private static JsonObject Group(GroupModes group) =>
        new()
        {
            ["name"] = group.Name,
            ["title"] = RunWords.Title(group.Name),
            ["excluded"] = PageJson.Texts(group.Excluded),
            ["reason"] = group.Reason,
            ["components"] = PageJson.Texts(group.Modes?.Components ?? []),
            ["means"] = Numbers(group.Modes is { } found ? found.Means : []),
            ["explained"] = Numbers(group.Modes is { } modes ? modes.ExplainedVariance : []),
            ["loadings"] = new JsonArray([
                .. Enumerable.Range(0, Math.Min(MostModes, group.Modes?.Count ?? 0)).Select(mode => Numbers(group.Modes!.Loadings(mode))),
            ]),
        };

    private static JsonArray Numbers(ReadOnlySpan<double> values)
    {
        JsonArray array = [];
        foreach (double value in values)
        {
            array.Add(value);
        }

        return array;
    }

    private static bool Belongs(JsonObject stored, JsonArray groups) =>
        stored["groups"] is JsonArray known
        && known.Count == groups.Count
        && known.Zip(groups).All(pair => IsSame(pair.First, pair.Second!));

    private static bool IsSame(JsonNode? known, JsonNode group)
    {
        JsonArray explained = (JsonArray)group["explained"]!;
        return PageJson.Text(PageJson.Key(known, "group")) == PageJson.Text(group["name"])
            && PageJson.Key(known, "modes") is JsonArray modes
            && modes.Count <= explained.Count
            && modes
                .Zip(explained)
                .All(pair => PageJson.IsSame(PageJson.Key(PageJson.Key(pair.First, "explained_variance"), "value"), pair.Second));
    }
}
