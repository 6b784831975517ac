namespace Curie.Sampling.Calibration;

/// <summary>How far a search is.</summary>
/// <param name="Stage">What is being done, in words.</param>
/// <param name="Done">Floating-point operations done.</param>
/// <param name="Total">Floating-point operations in all, as far as is known: what turns out not to be needed is taken off.</param>
public readonly record struct CalibrationProgress(string Stage, double Done, double Total);
