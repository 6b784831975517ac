namespace Curie.Networks.Architecture;

/// <summary>How position information enters the network.</summary>
public enum PositionalEmbedding
{
    /// <summary>W_pos is added to the token embedding once.</summary>
    Standard,

    /// <summary>
    /// W_pos never enters the residual stream: in every layer queries and keys are made from LN1(x) + W_pos and values from LN1(x)
    /// (Press, Smith and Lewis 2021; TransformerLens).
    /// </summary>
    Shortformer,

    /// <summary>
    /// Queries and keys are turned by angles that grow with the position (<see cref="RotaryOptions"/>); there is no W_pos.
    /// </summary>
    Rotary,

    /// <summary>Positions enter through the causal mask alone.</summary>
    None,
}
