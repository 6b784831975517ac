namespace Curie.Networks.Architecture;

/// <summary>Where the bias of an MLP's input stands.</summary>
public enum MlpInputBias
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>
    /// With the product that it belongs to: f(x·W_in + b_in), or f(x·W_gate + b_gate) ⊙ (x·W_in + b_in) where it is gated.
    /// </summary>
    BeforeActivation,

    /// <summary>Behind the product of a gated MLP, f(x·W_gate) ⊙ (x·W_in) + b_in: TransformerLens's gated MLP.</summary>
    AfterProduct,
}
