namespace Curie.Numerics.Kernels;

/// <summary>Which Kullback–Leibler divergence between a fixed distribution q and a model's p is a loss.</summary>
public enum DivergenceDirection
{
    /// <summary>KL(q‖p) = Σ q·log(q/p): the cross-entropy with soft targets q less the entropy of q. p must cover q.</summary>
    Forward,

    /// <summary>KL(p‖q) = Σ p·log(p/q): p must stay where q is.</summary>
    Reverse,
}
