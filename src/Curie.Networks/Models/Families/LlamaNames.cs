using Curie.Networks.Architecture;
using Curie.Networks.Archives;
using Curie.Networks.Files;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Models.Families;

/// <summary>What Llama and its descendants share in Hugging Face's files: most keys, and the names of tensors.</summary>
internal static class LlamaNames
{
    private const string Stem = "model.";

    /// <summary>The keys that all of them have: RMS norms, a gated MLP, rotary positions, grouped queries, no biases.</summary>
    /// <param name="keys">The configuration.</param>
    /// <param name="epsilon">ε where no key says it.</param>
    /// <param name="headWidth">A head's width where no key says it; null for d/heads, which null says too.</param>
    public static TransformerConfig Read(ConfigReader keys, float epsilon = 1e-6f, int? headWidth = null)
    {
        HuggingFaceKeys.Read(keys);
        int d = keys.Required<int>("hidden_size");
        int heads = keys.Required<int>("num_attention_heads");
        int e = headWidth is { } width
            ? keys.Default("head_dim", width)
            : keys.Optional<int?>("head_dim", null) ?? HuggingFaceKeys.HeadWidth(keys, d, "num_attention_heads", heads);
        int groups = keys.Optional<int?>("num_key_value_heads", null) ?? heads;
        if (groups < 1)
        {
            throw keys.Unsupported("num_key_value_heads", "1 or more of them");
        }

        RotaryOptions rotary = HuggingFaceRotary.Read(keys, e, ["rope_theta"], ["partial_rotary_factor"]);
        if (rotary.Dimension != e)
        {
            // Their library turns heads whole.
            throw keys.Unsupported(keys.Has("partial_rotary_factor") ? "partial_rotary_factor" : "rope_parameters", "1");
        }

        return new TransformerConfig
        {
            Layers = HuggingFaceKeys.Layers(keys, "num_hidden_layers"),
            ModelWidth = d,
            Heads = heads,
            HeadWidth = e,
            KeyValueHeads = groups,
            ContextLength = keys.Required<int>("max_position_embeddings"),
            Vocabulary = keys.Required<int>("vocab_size"),
            MlpWidth = keys.Required<int>("intermediate_size"),
            GatedMlp = true,
            Activation = HuggingFaceKeys.ReadActivation(keys, "hidden_act", "silu"),
            Norm = NormKind.Rms,
            FinalNorm = NormKind.Rms,
            Epsilon = keys.Default("rms_norm_eps", epsilon),
            Positions = PositionalEmbedding.Rotary,
            Rotary = rotary,
            AttentionBiases = false,
            OutputBiases = false,
            MlpInputBias = MlpInputBias.None,
            MlpOutputBias = false,
            UnembeddingBiases = false,
            TiedEmbeddings = keys.Default("tie_word_embeddings", false),
        };
    }

    /// <summary>The network, once every key was read.</summary>
    /// <exception cref="Numerics.InputException">A key was not, or sizes do not fit together.</exception>
    public static FamilyModel Model(string family, ConfigReader keys, ITensorArchive archive, TransformerConfig config)
    {
        keys.Close(family);
        config.Validate(keys.Source, HuggingFaceNames.Llama);
        string stem = archive.Tensors.ContainsKey("embed_tokens.weight") ? string.Empty : Stem;
        return new FamilyModel(family, config, Map(new ParameterLayout(config), stem));
    }

    /// <summary>Where the tensors lie.</summary>
    /// <param name="layout">The tensors.</param>
    /// <param name="stem">What precedes the names of all but the head.</param>
    public static TensorMap Map(ParameterLayout layout, string stem = Stem)
    {
        TensorMap map = new(layout) { IsBuffer = name => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) };
        map.AddSame(layout.TokenEmbedding, stem + "embed_tokens.weight");
        for (int l = 0; l < layout.Blocks.Count; l++)
        {
            BlockTensors block = layout.Blocks[l];
            string name = FormattableString.Invariant($"{stem}layers.{l}.");
            map.AddNorm(block.Ln1Weight, block.Ln1Bias, name + "input_layernorm");
            map.AddHeads(block.Query, block.QueryBias, name + "self_attn.q_proj");
            map.AddHeads(block.Key, block.KeyBias, name + "self_attn.k_proj");
            map.AddHeads(block.Value, block.ValueBias, name + "self_attn.v_proj");
            map.AddOutput(block.Output, block.OutputBias, name + "self_attn.o_proj");
            map.AddSame(block.QueryNorm, name + "self_attn.q_norm.weight");
            map.AddSame(block.KeyNorm, name + "self_attn.k_norm.weight");
            map.AddNorm(block.Ln2Weight, block.Ln2Bias, name + "post_attention_layernorm");
            map.AddLinear(block.MlpGate, block.MlpGateBias, name + "mlp.gate_proj");
            map.AddLinear(block.MlpIn, block.MlpInBias, name + "mlp.up_proj");
            map.AddLinear(block.MlpOut, block.MlpOutBias, name + "mlp.down_proj");
        }

        map.AddNorm(layout.FinalNormWeight, layout.FinalNormBias, stem + "norm");
        map.AddUnembedding("lm_head");
        return map;
    }

    /// <summary>The windows of layers that slide, by <c>layer_types</c>, or where that is not there by <paramref name="slides"/>.</summary>
    /// <exception cref="Numerics.InputException">A layer is of another kind.</exception>
    public static AttentionWindows? Windows(ConfigReader keys, int layers, int? window, Func<int, bool> slides)
    {
        const string Key = "layer_types";
        string[]? kinds = keys.OptionalList<string>(Key);
        if (kinds is not null && kinds.Length != layers)
        {
            throw keys.Contradiction(Key, FormattableString.Invariant($"there are {layers} layers"));
        }

        if (kinds is not null && kinds.Any(kind => kind is not ("full_attention" or "sliding_attention")))
        {
            throw keys.Unsupported(Key, "full_attention and sliding_attention");
        }

        bool[] sliding =
        [
            .. Enumerable
                .Range(0, layers)
                .Select(layer => kinds is null ? window is not null && slides(layer) : kinds[layer] == "sliding_attention"),
        ];
        if (!sliding.Contains(true))
        {
            return null;
        }

        return window is > 0
            ? new AttentionWindows(sliding.Select(one => one ? window.Value : 0))
            : throw keys.Contradiction("sliding_window", "some layers slide");
    }
}
