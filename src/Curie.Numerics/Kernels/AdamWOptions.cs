namespace Curie.Numerics.Kernels;

/// <summary>The constants of one AdamW update (Loshchilov and Hutter 2019, algorithm 2, with a constant schedule multiplier).</summary>
/// <param name="LearningRate">η.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to √v̂.</param>
/// <param name="WeightDecay">λ, decoupled: w ← w − ηλw before the moment step.</param>
public readonly record struct AdamWOptions(double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay);
