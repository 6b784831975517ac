namespace Curie.Development.Stages;

/// <summary>How boundaries and stages are found.</summary>
public sealed record StageOptions
{
    /// <summary>How the curve is smoothed.</summary>
    public GaussianProcessOptions Smoothing { get; init; } = new();

    /// <summary>Even points of log step at which slopes are followed. Default 256.</summary>
    public int GridPoints { get; init; } = 256;

    /// <summary>Posterior draws of the slope. Default 1000.</summary>
    public int Draws { get; init; } = 1000;

    /// <summary>The share of draws inside a boundary's interval. Default 0.95.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>
    /// The greatest |slope| per log step of a plateau; null for half of the greatest |slope| of the smoothed curve. Default null.
    /// </summary>
    public double? PlateauSlope { get; init; }

    /// <summary>The least share of draws that must have a boundary for it to divide stages. Default 0.5.</summary>
    public double LeastSupport { get; init; } = 0.5;

    /// <summary>The seed of the draws. Default 1.</summary>
    public long Seed { get; init; } = 1;
}
