using Curie.Networks.Components;
using Curie.Sampling.Networks;

namespace Curie.Sampling.Calibration;

/// <summary>One setting of the grid, and how far the search went with it.</summary>
/// <param name="Options">The setting: as it was measured, or as it would be at length.</param>
/// <param name="Coefficients">What every component gave; empty where nothing was sampled.</param>
public sealed record CalibrationCell(SamplingOptions Options, IReadOnlyList<ComponentCoefficient> Coefficients)
{
    /// <summary>How far the search went with it.</summary>
    public CalibrationStage Stage { get; init; } = CalibrationStage.Measured;

    /// <summary>How well every component's response is seen; empty where it was not measured.</summary>
    public IReadOnlyList<ComponentResponse> Responses { get; init; } = [];

    /// <summary>
    /// What speaks against the setting: after measuring at length, all that would speak against a run; before, what is clear already.
    /// </summary>
    public IReadOnlyList<CalibrationObjection> Objections { get; init; } = [];

    /// <summary>
    /// The largest of |ln(λ̂/λ̂′)| over components and the cells next to this one along ε: how much the answer hangs on a setting that in
    /// theory does not matter. Null where no neighbour has positive coefficients.
    /// </summary>
    public double? StepSizeSensitivity { get; init; }

    /// <summary>√(mean over components of (s.e./λ̂)²); null if a component has no coefficient.</summary>
    public double? RelativeError =>
        Coefficients.Count > 0 && Coefficients.All(measured => measured.Coefficient is { Value: > 0, StandardError: not null })
            ? Math.Sqrt(
                Coefficients.Average(measured => Math.Pow(measured.Coefficient!.StandardError!.Value / measured.Coefficient.Value, 2))
            )
            : null;

    /// <summary>
    /// √(mean over components of the squared relative error of the response); null where it is not known and finite for all.
    /// </summary>
    public double? ResponseError =>
        Responses.Count > 0 && Responses.All(response => response.DrawsNeeded is not null)
            ? Math.Sqrt(Responses.Average(response => Math.Pow(response.RelativeError!.Value, 2)))
            : null;

    /// <summary>
    /// The token evaluations in which all components' responses reach an error of <see cref="CalibrationRules.TargetResponseError"/>: the
    /// burn-in once, and all else as often as draws are needed. Null where <see cref="ResponseError"/> is.
    /// </summary>
    public double? ResponseWork =>
        CalibrationRules.DrawsNeeded(ResponseError) is { } factor
            ? Responses.Sum(response => response.BurnInWork + (factor * response.DrawWork))
            : null;

    /// <summary>
    /// The mean over components, without `full` unless it is alone, of r/ceiling between the covariance and its control without the loss: 1
    /// where only the checkpoint's curvature shows. Null where it is not known for all of them.
    /// </summary>
    public double? OfCeiling => Controls is { } controls ? controls.Average(control => control.OfCeiling!.Value) : null;

    /// <summary>The standard error of <see cref="OfCeiling"/>, the components taken as independent.</summary>
    public double? OfCeilingError =>
        Controls is { } controls && controls.All(control => control.OfCeilingError is not null)
            ? Math.Sqrt(controls.Sum(control => control.OfCeilingError!.Value * control.OfCeilingError.Value)) / controls.Count
            : null;

    /// <summary>Whether it was measured at length and nothing speaks against it.</summary>
    public bool IsSound => Stage == CalibrationStage.Measured && Objections.Count == 0;

    private IReadOnlyList<ControlCorrelation>? Controls
    {
        get
        {
            ComponentResponse[] parts = [.. Responses.Where(response => response.Component != Component.FullName)];
            ControlCorrelation?[] controls = [.. (parts.Length > 0 ? parts : [.. Responses]).Select(response => response.Control)];
            return controls.Length > 0 && Array.TrueForAll(controls, control => control?.OfCeiling is not null)
                ? [.. controls.OfType<ControlCorrelation>()]
                : null;
        }
    }

    /// <summary>The cell as far as some of its components go: what it is for them alone.</summary>
    /// <param name="isWanted">Which, by name.</param>
    public CalibrationCell Of(Func<string, bool> isWanted) =>
        this with
        {
            Coefficients = [.. Coefficients.Where(measured => isWanted(measured.Report.Component))],
            Responses = [.. Responses.Where(response => isWanted(response.Component))],
            Objections = [.. Objections.Where(objection => isWanted(objection.Component))],
        };
}
