namespace Curie.Networks.Components;

/// <summary>A named part of the network on which an observable is localised.</summary>
/// <param name="Name">The canonical name: <c>full</c>, <c>l0h1</c>, <c>l0</c>, <c>l0.attn</c>, <c>l0.mlp</c>, <c>l0.ln1</c>, <c>embed</c>,
/// <c>pos_embed</c>, <c>ln_final</c>, <c>unembed</c>, or a union with <c>+</c>.</param>
/// <param name="Restriction">Its parameters.</param>
public sealed record Component(string Name, Restriction Restriction)
{
    /// <summary>The name of the unrestricted component.</summary>
    public const string FullName = "full";

    /// <summary>Whether all parameters vary.</summary>
    public bool IsFull => Name == FullName;
}
