using Curie.Sampling.Networks;

namespace Curie.Sampling.Calibration;

/// <summary>One setting that was tried.</summary>
/// <param name="Options">The setting.</param>
/// <param name="Coefficients">What every component gave.</param>
public sealed record CalibrationCell(SamplingOptions Options, IReadOnlyList<ComponentCoefficient> Coefficients)
{
    /// <summary>How well every component's response is seen; empty where it was not measured.</summary>
    public IReadOnlyList<ComponentResponse> Responses { get; init; } = [];

    /// <summary>Why the setting is not sound for some component, each in a sentence; empty if it is sound for all.</summary>
    public IReadOnlyList<CalibrationObjection> Objections { get; init; } = [];

    /// <summary>
    /// The largest of |ln(λ̂/λ̂′)| over components and the cells next to this one along ε: how much the answer hangs on a setting that in
    /// theory does not matter. Null where no neighbour has positive coefficients.
    /// </summary>
    public double? StepSizeSensitivity { get; init; }

    /// <summary>√(mean over components of (s.e./λ̂)²); null if a component has no coefficient.</summary>
    public double? RelativeError { get; init; }

    /// <summary>
    /// √(mean over components of the squared relative error of the response); null where it is not known and finite for all.
    /// </summary>
    public double? ResponseError =>
        Responses.Count > 0 && Responses.All(response => response.DrawsNeeded is not null)
            ? Math.Sqrt(Responses.Average(response => Math.Pow(response.RelativeError!.Value, 2)))
            : null;

    /// <summary>
    /// The token evaluations in which all components' responses reach an error of <see cref="CalibrationRules.TargetResponseError"/>: the
    /// burn-in once, and all else as often as
    /// draws are needed. Null where <see cref="ResponseError"/> is.
    /// </summary>
    public double? ResponseWork =>
        CalibrationRules.DrawsNeeded(ResponseError) is { } factor
            ? Responses.Sum(response => response.BurnInWork + (factor * response.DrawWork))
            : null;

    /// <summary>Whether nothing speaks against the setting.</summary>
    public bool IsSound => Objections.Count == 0;
}
