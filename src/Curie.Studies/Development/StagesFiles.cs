using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Numerics.Files;
using Curie.Studies.Folders;

namespace Curie.Studies.Development;

/// <summary>The files of a <see cref="DevelopmentStudy"/>.</summary>
public static class StagesFiles
{
    /// <summary>The file with everything.</summary>
    public const string JsonName = "stages.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Everything as one object.</summary>
    public static JsonObject Json(DevelopmentStudy study)
    {
        ArgumentNullException.ThrowIfNull(study);
        return new JsonObject
        {
            ["format"] = "curie-stages",
            ["format_version"] = 1,
            ["settings"] = StagesJson.Settings(study),
            ["curves"] = new JsonArray([.. study.Curves.Select(curve => StagesJson.Curve(curve, study.StageOptions))]),
            ["clusters"] = new JsonArray([.. study.Clusters.Select(StagesJson.Clusters)]),
            ["cluster_scores"] = new JsonArray([.. study.Contrasts.Select(StagesJson.Contrasts)]),
            ["dynamics"] = study.Dynamics is null ? null : DynamicsJson.Of(study.Dynamics),
            ["agreement"] = new JsonArray([.. study.Agreements.Select(DynamicsJson.Agreement)]),
        };
    }

    /// <summary>Writes the tables and everything as JSON.</summary>
    /// <exception cref="Numerics.InputException">A file cannot be written.</exception>
    public static void Store(OutputFolder folder, DevelopmentStudy study)
    {
        ArgumentNullException.ThrowIfNull(folder);
        foreach ((string name, string text) in StagesTables.Of(study))
        {
            AtomicFile.WriteAllText(folder.FilePath(name), text);
        }

        AtomicFile.WriteAllText(folder.FilePath(JsonName), Json(study).ToJsonString(Indented) + "\n");
    }
}
