namespace Curie.Networks.Models.Families;

/// <summary>
/// The keys of Curie's configurations that TransformerLens has not: parts that its networks always have, or never have. Each is written
/// only where it says something else than TransformerLens's networks do.
/// </summary>
internal static class CurieKeys
{
    /// <summary>Whether queries, keys and values have biases. Default true.</summary>
    public const string AttentionBias = "attn_bias";

    /// <summary>Whether the attention's output has a bias. Default true.</summary>
    public const string OutputBias = "attn_out_bias";

    /// <summary>Where the bias of the MLP's input stands; by default as in TransformerLens.</summary>
    public const string MlpInputBias = "mlp_in_bias";

    /// <summary>Whether the MLP's output has a bias. Default true.</summary>
    public const string MlpOutputBias = "mlp_out_bias";

    /// <summary>Whether logits have biases. Default true.</summary>
    public const string UnembeddingBias = "unembed_bias";

    /// <summary>Whether layer norms with weights have biases. Default true.</summary>
    public const string NormBias = "ln_bias";

    /// <summary>Whether there is a norm in front of the unembedding where there are norms at all. Default true.</summary>
    public const string FinalNorm = "final_norm";

    /// <summary>Whether attention and MLP of a parallel block share one norm. Default false.</summary>
    public const string SharedNorm = "parallel_shared_norm";

    /// <summary>Each layer's window, 0 for none, where they cannot be said by one window and the kinds of layers.</summary>
    public const string Windows = "attn_windows";

    /// <summary>A value of <see cref="MlpInputBias"/>.</summary>
    public const string None = "none";

    /// <summary>A value of <see cref="MlpInputBias"/>.</summary>
    public const string BeforeActivation = "before_activation";

    /// <summary>A value of <see cref="MlpInputBias"/>.</summary>
    public const string AfterProduct = "after_product";
}
