namespace Curie.Development.Stages;

/// <summary>
/// How the settings of a <see cref="GaussianProcess"/> are fitted. Lengths are in log steps; variances in units of the values' own
/// variance.
/// </summary>
public sealed record GaussianProcessOptions
{
    /// <summary>
    /// The shortest length scale. Default 0.1: over a tenth of a log step, 10 % of the training so far, a curve counts as smooth.
    /// </summary>
    public double ShortestLength { get; init; } = 0.1;

    /// <summary>The longest length scale; beyond a thousand log steps every curve is a straight line. Default 1000.</summary>
    public double LongestLength { get; init; } = 1000;

    /// <summary>The least amplitude variance c. Default 1e-3.</summary>
    public double LeastAmplitude { get; init; } = 1e-3;

    /// <summary>The greatest amplitude variance c. Default 1e3.</summary>
    public double GreatestAmplitude { get; init; } = 1e3;

    /// <summary>The least fitted noise variance, which also keeps the matrices invertible. Default 1e-8.</summary>
    public double LeastNoise { get; init; } = 1e-8;

    /// <summary>The greatest fitted noise variance. Default 10.</summary>
    public double GreatestNoise { get; init; } = 10;

    /// <summary>How many of the best starting points of a coarse grid are refined. Default 3.</summary>
    public int Starts { get; init; } = 3;
}
