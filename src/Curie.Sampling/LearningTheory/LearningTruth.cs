namespace Curie.Sampling.LearningTheory;

/// <summary>
/// What singular learning theory says of a model at a true parameter (Watanabe 2009): the free energy grows as λ·ln n − (m − 1)·ln ln n.
/// </summary>
/// <param name="Coefficient">λ, the learning coefficient (real log canonical threshold).</param>
/// <param name="Multiplicity">m, at least 1. Above 1, nβE[K] approaches λ only as 1/ln nβ.</param>
public readonly record struct LearningTruth(Rational Coefficient, int Multiplicity);
