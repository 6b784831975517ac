namespace Curie.Numerics.Kernels;

/// <summary>The nonlinearity of an MLP.</summary>
public enum Activation
{
    /// <summary>max(x, 0); its derivative at 0 is 0.</summary>
    Relu,

    /// <summary>x·Φ(x) with the normal distribution function, Φ(x) = ½(1 + erf(x/√2)).</summary>
    Gelu,

    /// <summary>The tanh form: ½x(1 + tanh(√(2/π)(x + 0.044715 x³))).</summary>
    GeluNew,

    /// <summary>x·σ(x) with the logistic function σ (SiLU, swish).</summary>
    Silu,

    /// <summary>x·softmax(x), the softmax over the row (SoLU: Elhage et al. 2022). The only one that is not elementwise.</summary>
    Solu,
}
