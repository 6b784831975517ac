using Curie.Sampling.Diagnostics;

namespace Curie.Sampling.Calibration;

/// <summary>
/// How well the coupled chains of one component show its response at a setting: its covariance with the losses of a sample of tokens of the
/// loss rows.
/// </summary>
public sealed record ComponentResponse
{
    /// <summary>The component's name.</summary>
    public required string Component { get; init; }

    /// <summary>The burn-in that the response takes, in updates: what was asked for, or what it needs if that is more.</summary>
    public required int BurnIn { get; init; }

    /// <summary>The number of chains that were stopped.</summary>
    public int StoppedChains { get; init; }

    /// <summary>
    /// √(mean SE²)/√(variance − mean SE²) of the covariance over tokens: its sampling error beside the spread that is no sampling error.
    /// Infinite where no such spread is seen; null where there is no standard error.
    /// </summary>
    public double? RelativeError { get; init; }

    /// <summary>How far the shadows went; null where nothing is known of it.</summary>
    public ShadowStatistics? Shadow { get; init; }

    /// <summary>The relative error that the size of the perturbation makes; null where it is not known.</summary>
    public double? Nonlinearity { get; init; }

    /// <summary>What the perturbation changes the loss by, in units of float32's rounding; null where it is not known.</summary>
    public double? Resolution { get; init; }

    /// <summary>How much of the covariance is there without the loss; null where that is not known.</summary>
    public ControlCorrelation? Control { get; init; }

    /// <summary>The token evaluations of the burn-in, a gradient counted as three.</summary>
    public long BurnInWork { get; init; }

    /// <summary>The token evaluations from then on.</summary>
    public long DrawWork { get; init; }

    /// <summary>
    /// How many times as many draws bring the relative error to <see cref="CalibrationRules.TargetResponseError"/>; null where it is not
    /// finite or not known.
    /// </summary>
    public double? DrawsNeeded => CalibrationRules.DrawsNeeded(RelativeError);
}
