namespace Curie.Networks.Models;

/// <summary>Kinds of folders that a model is written as.</summary>
public enum ModelFormat
{
    /// <summary>Curie's own, which holds every network that Curie computes.</summary>
    Curie,

    /// <summary>GPT-2, GPT-NeoX or Llama as Hugging Face's transformers 4 writes them.</summary>
    HuggingFace,

    /// <summary>A configuration and a state dict of TransformerLens's HookedTransformer.</summary>
    TransformerLens,
}
