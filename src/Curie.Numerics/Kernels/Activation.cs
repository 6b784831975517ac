namespace Curie.Numerics.Kernels;

/// <summary>The pointwise nonlinearity of an MLP.</summary>
public enum Activation
{
    /// <summary>max(x, 0); its derivative at 0 is 0.</summary>
    Relu,

    /// <summary>x·Φ(x) with the normal distribution function, Φ(x) = ½(1 + erf(x/√2)).</summary>
    Gelu,

    /// <summary>The tanh form: ½x(1 + tanh(√(2/π)(x + 0.044715 x³))).</summary>
    GeluNew,
}
