using Curie.Development.Stages;

namespace Curie.Studies.Development.Records;

/// <summary>A stage of development.</summary>
/// <param name="Stage">Its number, from 1.</param>
/// <param name="FromStep">The updates made at its beginning.</param>
/// <param name="ToStep">Those made at its end.</param>
/// <param name="DeltaLlc">The change of λ̂.</param>
/// <param name="DeltaLlcSe">Its standard error.</param>
/// <param name="DeltaLoss">The change of the loss, nats; null where none is known.</param>
/// <param name="DeltaLossSe">Its standard error.</param>
/// <param name="Type"><c>A</c>, <c>B</c>, or null where it has none.</param>
/// <param name="TypeProbability">The posterior probability of the type.</param>
public sealed record StageRecord(
    int Stage,
    double FromStep,
    double ToStep,
    double DeltaLlc,
    double DeltaLlcSe,
    double? DeltaLoss,
    double? DeltaLossSe,
    string? Type,
    double? TypeProbability
)
{
    internal static StageRecord Of(Stage stage) =>
        new(
            stage.Number,
            stage.FromStep,
            stage.ToStep,
            stage.Coefficient.Value,
            stage.Coefficient.StandardError,
            stage.Loss?.Value,
            stage.Loss?.StandardError,
            stage.Type,
            stage.TypeProbability
        );
}
