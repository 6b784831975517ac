namespace Curie.Numerics.Kernels;

/// <summary>The constants of a partial refreshment of momentum.</summary>
/// <param name="Keep">The factor on the momentum.</param>
/// <param name="Fresh">The standard deviation of what is added.</param>
/// <param name="Drift">How far the weights then move along it, in units of time.</param>
public readonly record struct MomentumRefreshOptions(double Keep, double Fresh, double Drift);
