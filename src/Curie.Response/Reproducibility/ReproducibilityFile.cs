using System.Text.Json.Nodes;
using Curie.Response.Runs;

namespace Curie.Response.Reproducibility;

/// <summary>What was found out about how well a run's structure repeats itself, as <see cref="AnalysisJson"/>.</summary>
public static class ReproducibilityFile
{
    /// <summary>The file's name in a run folder.</summary>
    /// <param name="part">The name of the part.</param>
    public static string Name(string part) => $"reproducibility-{part}.json";

    /// <summary>The result as JSON.</summary>
    public static JsonObject ToJson(RunReproducibility result) => (JsonObject)AnalysisJson.ToNode(result);

    /// <summary>The comparison as JSON.</summary>
    public static JsonObject ToJson(ControlComparison comparison) => (JsonObject)AnalysisJson.ToNode(comparison);

    /// <summary>Writes the result into a run folder, with the comparison under `control` where there is one.</summary>
    /// <exception cref="Numerics.InputException">The folder cannot be written.</exception>
    public static void Write(string folder, RunReproducibility result, ControlComparison? control = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        JsonObject json = ToJson(result);
        json["control"] = control is null ? null : ToJson(control);
        AnalysisJson.Write(folder, Name(result.Part), json);
    }
}
