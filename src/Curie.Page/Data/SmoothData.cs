namespace Curie.Page.Data;

/// <summary>The posterior of a curve on some points of its grid.</summary>
/// <param name="LogStep">log(step + 1).</param>
/// <param name="Value">The posterior mean of λ̂.</param>
/// <param name="ValueSd">Its standard deviation.</param>
/// <param name="Loss">The posterior mean of the loss, nats; null where none is known.</param>
/// <param name="LossSd">Its standard deviation.</param>
internal sealed record SmoothData(
    IReadOnlyList<double> LogStep,
    IReadOnlyList<double> Value,
    IReadOnlyList<double> ValueSd,
    IReadOnlyList<double>? Loss,
    IReadOnlyList<double>? LossSd
);
