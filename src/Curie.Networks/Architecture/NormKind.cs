namespace Curie.Networks.Architecture;

/// <summary>What brings the residual stream to one scale before a part of the network reads it.</summary>
public enum NormKind
{
    /// <summary>Nothing: the part reads the residual stream as it is.</summary>
    None,

    /// <summary>(x − mean)/σ, times weights and plus biases where there are any.</summary>
    Layer,

    /// <summary>x/√(mean(x²) + ε), times weights where there are any (Zhang and Sennrich 2019).</summary>
    Rms,
}
