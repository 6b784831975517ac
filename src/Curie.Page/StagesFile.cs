using System.Text.Json.Nodes;
using Curie.Numerics;

namespace Curie.Page;

/// <summary>
/// A file of <c>curie stages</c>, checked as far as a page relies on it. Curves, clusters and trajectory may each be missing.
/// </summary>
internal sealed class StagesFile
{
    private const string Format = "curie-stages";
    private const int Version = 1;
    private static readonly string[] CircleKeys = ["centre_x", "centre_y", "radius", "curvature"];
    private readonly string _path;

    private StagesFile(string path, JsonObject json)
    {
        _path = path;
        Json = json;
        Curves = [.. PageJson.Items(json["curves"]).Select((curve, i) => RequireCurve(curve, $"curves[{i}]"))];
        foreach ((JsonNode? group, int i) in PageJson.Items(json["clusters"]).Select((group, i) => (group, i)))
        {
            RequireClusters(group, $"clusters[{i}]");
        }

        if (json["dynamics"] is { } dynamics)
        {
            RequireDynamics(dynamics);
        }

        Require(Curves.Count > 0 || json["dynamics"] is not null, "curves: there is neither a curve nor a trajectory");
    }

    /// <summary>Everything.</summary>
    public JsonObject Json { get; }

    /// <summary>The curves.</summary>
    public IReadOnlyList<JsonNode> Curves { get; }

    /// <summary>Reads it.</summary>
    /// <exception cref="InputException">It is something else, of a later version, or damaged.</exception>
    public static StagesFile Read(string path)
    {
        JsonObject? json = PageJson.Read(path);
        if (json is null || PageJson.Text(json["format"]) != Format)
        {
            throw new InputException(
                $"{path} is damaged or not a file of curie stages; name with `stages` the folder that `StagesFiles` wrote."
            );
        }

        return PageJson.Value(json["format_version"]) <= Version
            ? new StagesFile(path, json)
            : throw new InputException($"{path} was written by a later version of Curie; write the report with that version.");
    }

    private JsonNode RequireCurve(JsonNode? curve, string place)
    {
        Require(PageJson.Text(PageJson.Key(curve, "component")) is not null, $"{place}.component");
        Require(PageJson.Text(PageJson.Key(curve, "data")) is not null, $"{place}.data");
        JsonNode? measured = PageJson.Key(curve, "measured");
        int checkpoints = Numbers(PageJson.Key(measured, "step"), null, $"{place}.measured.step");
        Numbers(PageJson.Key(measured, "value"), checkpoints, $"{place}.measured.value");
        Optional(measured, ["se", "loss"], checkpoints, $"{place}.measured");
        Require(PageJson.Items(PageJson.Key(measured, "health")).Count() == checkpoints, $"{place}.measured.health");
        JsonNode? smooth = PageJson.Key(curve, "smooth");
        int points = Numbers(PageJson.Key(smooth, "log_step"), null, $"{place}.smooth.log_step");
        Numbers(PageJson.Key(smooth, "value"), points, $"{place}.smooth.value");
        Numbers(PageJson.Key(smooth, "value_sd"), points, $"{place}.smooth.value_sd");
        Optional(smooth, ["loss", "loss_sd"], points, $"{place}.smooth");
        Objects(PageJson.Key(curve, "boundaries"), ["step", "low_step", "high_step"], $"{place}.boundaries");
        Objects(PageJson.Key(curve, "stages"), ["stage", "from_step", "to_step", "delta_llc", "delta_llc_se"], $"{place}.stages");
        Objects(PageJson.Key(curve, "left_out"), ["step"], $"{place}.left_out");
        return curve!;
    }

    private void RequireClusters(JsonNode? group, string place)
    {
        Require(PageJson.Text(PageJson.Key(group, "group")) is not null, $"{place}.group");
        Require(PageJson.Text(PageJson.Key(group, "data")) is not null, $"{place}.data");
        Objects(PageJson.Key(group, "heads"), ["cluster"], $"{place}.heads");
        Require(
            PageJson.Items(PageJson.Key(group, "heads")).All(head => PageJson.Text(PageJson.Key(head, "component")) is not null),
            $"{place}.heads[].component"
        );
    }

    private void RequireDynamics(JsonNode dynamics)
    {
        int checkpoints = Numbers(PageJson.Key(dynamics, "step"), null, "dynamics.step");
        int components = Numbers(PageJson.Key(dynamics, "explained_variance"), null, "dynamics.explained_variance");
        foreach (string key in (string[])["scores", "smooth"])
        {
            JsonNode?[] rows = [.. PageJson.Items(PageJson.Key(dynamics, key))];
            Require(rows.Length == components, $"dynamics.{key}");
            foreach (JsonNode? row in rows)
            {
                Numbers(row, checkpoints, $"dynamics.{key}[]");
            }
        }

        Objects(PageJson.Key(dynamics, "forms"), ["step", "spread", "discrepancy"], "dynamics.forms");
        foreach (JsonNode? form in PageJson.Items(PageJson.Key(dynamics, "forms")))
        {
            Numbers(PageJson.Key(form, "position"), components, "dynamics.forms[].position");
        }

        foreach (JsonNode? plane in PageJson.Items(PageJson.Key(dynamics, "planes")))
        {
            Require(IsComponent("x") && IsComponent("y"), "dynamics.planes[].x");
            foreach (string key in CircleKeys)
            {
                Numbers(PageJson.Key(PageJson.Key(plane, "circles"), key), checkpoints, $"dynamics.planes[].circles.{key}");
            }

            Objects(PageJson.Key(plane, "points"), ["step", "index", "x", "y", "radius"], "dynamics.planes[].points");

            bool IsComponent(string key) =>
                PageJson.Value(PageJson.Key(plane, key)) is var number
                && number >= 1
                && number <= components
                && number == Math.Floor(number);
        }
    }

    private void Optional(JsonNode? node, string[] keys, int length, string place)
    {
        foreach (string key in keys.Where(key => PageJson.Key(node, key) is not null))
        {
            Numbers(PageJson.Key(node, key), length, $"{place}.{key}");
        }
    }

    /// <summary>Requires finite numbers, as many as told.</summary>
    private int Numbers(JsonNode? node, int? length, string place)
    {
        Require(
            node is JsonArray array
                && array.All(item => double.IsFinite(PageJson.Value(item)))
                && array.Count == (length ?? array.Count)
                && array.Count > 0,
            place
        );
        return ((JsonArray)node!).Count;
    }

    private void Objects(JsonNode? node, string[] numbers, string place) =>
        Require(
            node is JsonArray array && array.All(item => numbers.All(key => double.IsFinite(PageJson.Value(PageJson.Key(item, key))))),
            place
        );

    private void Require(bool holds, string place)
    {
        if (!holds)
        {
            throw new InputException($"{_path} is damaged at {place}; run curie stages again.");
        }
    }
}
