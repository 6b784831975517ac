namespace Curie.Networks.Models.Families;

/// <summary>What the configurations of Hugging Face's transformers call Curie's keys, for messages about sizes.</summary>
internal static class HuggingFaceNames
{
    /// <summary>Llama's, and those of its descendants.</summary>
    public static readonly IReadOnlyDictionary<string, string> Llama = With(
        ("n_key_value_heads", "num_key_value_heads"),
        ("d_head", "head_dim"),
        ("rotary_dim", "head_dim"),
        ("eps", "rms_norm_eps")
    );

    /// <summary>GPT-NeoX's.</summary>
    public static readonly IReadOnlyDictionary<string, string> GptNeoX = With(
        ("rotary_dim", "rotary_pct"),
        ("rotary_base", "rotary_emb_base"),
        ("eps", "layer_norm_eps")
    );

    /// <summary>OPT's.</summary>
    public static readonly IReadOnlyDictionary<string, string> Opt = With(("d_mlp", "ffn_dim"));

    /// <summary>GPT-Neo's.</summary>
    public static readonly IReadOnlyDictionary<string, string> GptNeo = With(
        ("n_layers", "num_layers"),
        ("n_heads", "num_heads"),
        ("eps", "layer_norm_epsilon")
    );

    /// <summary>GPT-2's.</summary>
    public static readonly IReadOnlyDictionary<string, string> Gpt2 = With(
        ("n_layers", "n_layer"),
        ("d_model", "n_embd"),
        ("n_heads", "n_head"),
        ("n_ctx", "n_positions"),
        ("d_mlp", "n_inner"),
        ("eps", "layer_norm_epsilon")
    );

    private static Dictionary<string, string> With(params ReadOnlySpan<(string Key, string Name)> own)
    {
        Dictionary<string, string> names = new()
        {
            ["n_layers"] = "num_hidden_layers",
            ["d_model"] = "hidden_size",
            ["n_heads"] = "num_attention_heads",
            ["n_ctx"] = "max_position_embeddings",
            ["d_vocab"] = "vocab_size",
            ["d_mlp"] = "intermediate_size",
            ["rotary_base"] = "rope_theta",
        };
        foreach ((string key, string name) in own)
        {
            names[key] = name;
        }

        return names;
    }
}
