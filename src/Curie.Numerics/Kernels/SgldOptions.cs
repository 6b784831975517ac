namespace Curie.Numerics.Kernels;

/// <summary>The constants of one SGLD update.</summary>
/// <param name="StepSize">ε.</param>
/// <param name="NBeta">nβ, which multiplies the gradient of the mean loss.</param>
/// <param name="Localization">γ.</param>
/// <param name="NoiseLevel">σ; 0 draws no random numbers.</param>
/// <param name="WeightDecay">δ, the precision of a Gaussian prior around 0.</param>
public readonly record struct SgldOptions(double StepSize, double NBeta, double Localization, double NoiseLevel, double WeightDecay = 0);
