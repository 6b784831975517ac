using System.Text.Json.Nodes;

namespace Curie.Development.Coefficients;

/// <summary>One line of a study's table: a component at a checkpoint on a data set.</summary>
/// <param name="Checkpoint">The checkpoint's name.</param>
/// <param name="Step">The number of updates made.</param>
/// <param name="Component">The component.</param>
/// <param name="Data">The data set.</param>
/// <param name="Value">λ̂; null if every chain was stopped.</param>
/// <param name="StandardError">Its standard error, over draws and rows; null if unknown.</param>
/// <param name="SamplingError">The part of draws, the one that is independent between checkpoints measured on the same rows; null if
/// unknown.</param>
/// <param name="Health"><c>ok</c>, or the names of the verdicts that speak against the figure, joined by semicolons.</param>
/// <param name="Loss">L0, the loss of the checkpoint on the rows that gave λ̂.</param>
/// <param name="LossError">Its standard error over rows; null for a single row.</param>
/// <param name="Details">Everything that <c>curie llc</c> says of the component.</param>
public sealed record CoefficientRow(
    string Checkpoint,
    long Step,
    string Component,
    string Data,
    double? Value,
    double? StandardError,
    double? SamplingError,
    string Health,
    double? Loss,
    double? LossError,
    JsonObject Details
)
{
    /// <summary>The row of one component of a measurement, as <see cref="CoefficientJson"/> wrote it.</summary>
    public static CoefficientRow Of(string checkpoint, long step, string data, JsonObject details)
    {
        ArgumentNullException.ThrowIfNull(details);
        return new CoefficientRow(
            checkpoint,
            step,
            (string)details["component"]!,
            data,
            (double?)details["llc"],
            (double?)details["llc_se"],
            (double?)details["sampling_se"],
            (string)details["health"]!,
            (double?)details["init_loss"],
            (double?)details["init_loss_se"],
            details
        );
    }

    /// <summary>The columns of the table, then every detail but the traces.</summary>
    public JsonObject ToJson()
    {
        JsonObject json = new()
        {
            ["checkpoint"] = Checkpoint,
            ["step"] = Step,
            ["component"] = Component,
            ["data"] = Data,
            ["value"] = Value,
            ["se"] = StandardError,
            ["sampling_se"] = SamplingError,
            ["health"] = Health,
            ["loss"] = Loss,
            ["loss_se"] = LossError,
        };
        foreach ((string key, JsonNode? value) in Details)
        {
            if (!json.ContainsKey(key) && key is not ("llc" or "llc_se" or "init_loss" or "init_loss_se" or "trace_loss"))
            {
                json[key] = value?.DeepClone();
            }
        }

        return json;
    }
}
