namespace Curie.Sampling.Calibration;

/// <summary>
/// How much of a component's covariance is there without the loss: its values over tokens beside those under the localisation's Gaussian
/// (nβ = 0).
/// </summary>
/// <param name="Correlation">r over tokens.</param>
/// <param name="Ceiling">√(ρ·ρ_Gaussian), the correlation that sampling error alone would leave of 1; null where a reliability is not above
/// 0.</param>
/// <param name="OfCeiling">r/ceiling, the correlation with sampling error taken out; null where the ceiling is.</param>
/// <param name="OfCeilingError">Its standard error, by the jackknife over batches; null where it is not known.</param>
public sealed record ControlCorrelation(double Correlation, double? Ceiling, double? OfCeiling, double? OfCeilingError);
