using System.Text.Json.Nodes;
using Curie.Numerics;
using Curie.Studies.Development;

namespace Curie.Page;

/// <summary>
/// What a page shows of a training run: curves, clusters and trajectory that <c>curie stages</c> kept, and scores (docs/formats.md,
/// `development`).
/// </summary>
internal static class PageDevelopment
{
    private static readonly string[] CurveKeys = ["component", "data", "measured", "left_out", "fit", "loss_fit", "boundaries", "stages"];
    private static readonly string[] SmoothKeys = ["log_step", "value", "value_sd", "loss", "loss_sd"];
    private static readonly string[] ClusterKeys =
    [
        "group",
        "data",
        "clusters",
        "heads",
        "silhouette",
        "counts",
        "seed_agreement",
        "setting_agreement",
    ];
    private static readonly string[] DynamicsKeys = ["step", "explained_variance", "scores", "smooth", "planes", "forms"];

    /// <summary>The points of a smooth curve, where there are few curves and where there are many.</summary>
    private const int MostPoints = 256;
    private const int FewestPoints = 64;
    private const int MostPointsOfAll = 20_000;

    /// <summary>Reads them.</summary>
    /// <param name="folder">A folder that <c>curie stages</c> wrote.</param>
    /// <param name="scores">A folder of scores over checkpoints, or null.</param>
    /// <exception cref="InputException">A file is missing or damaged.</exception>
    public static JsonObject Of(string folder, string? scores)
    {
        string path = Path.Combine(folder, StagesFiles.JsonName);
        if (!File.Exists(path))
        {
            throw new InputException($"{path} does not exist; name with `stages` the folder that `StagesFiles` wrote.");
        }

        StagesFile file = StagesFile.Read(path);
        int points = Math.Clamp(MostPointsOfAll / Math.Max(1, file.Curves.Count), FewestPoints, MostPoints);
        return new JsonObject
        {
            ["name"] = PageJson.FolderName(folder),
            ["confidence"] = PageJson.Key(file.Json["settings"], "confidence")?.DeepClone(),
            ["curves"] = new JsonArray([.. file.Curves.Select(curve => Curve(curve, points))]),
            ["clusters"] = new JsonArray([.. PageJson.Items(file.Json["clusters"]).Select(group => Picked(group, ClusterKeys))]),
            ["dynamics"] = file.Json["dynamics"] is { } dynamics ? Picked(dynamics, DynamicsKeys) : null,
            ["agreement"] = PageNumbers.Rounded(file.Json["agreement"]) ?? new JsonArray(),
            ["scores"] = scores is null ? null : ScoreCurves.Read(scores),
        };
    }

    private static JsonObject Curve(JsonNode curve, int points)
    {
        JsonNode smooth = curve["smooth"]!;
        int[] kept = Spread(((JsonArray)smooth["log_step"]!).Count, points);
        JsonObject picked = Picked(curve, CurveKeys);
        picked["smooth"] = new JsonObject(
            SmoothKeys.Select(key =>
                KeyValuePair.Create(
                    key,
                    smooth[key] is JsonArray values
                        ? PageNumbers.Rounded(new JsonArray([.. kept.Select(i => values[i]?.DeepClone())]))
                        : null
                )
            )
        );
        return picked;
    }

    private static JsonObject Picked(JsonNode? node, string[] keys) =>
        new(keys.Select(key => KeyValuePair.Create(key, PageNumbers.Rounded(PageJson.Key(node, key)))));

    /// <summary>So many of the first places, evenly, both ends among them.</summary>
    private static int[] Spread(int places, int wanted) =>
        wanted >= places
            ? [.. Enumerable.Range(0, places)]
            : [.. Enumerable.Range(0, wanted).Select(i => (int)Math.Round((double)i * (places - 1) / (wanted - 1)))];
}
