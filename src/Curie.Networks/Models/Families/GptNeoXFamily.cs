using Curie.Networks.Architecture;
using Curie.Networks.Archives;
using Curie.Networks.Files;
using Curie.Networks.Parameters;

namespace Curie.Networks.Models.Families;

/// <summary>
/// GPT-NeoX (Pythia): rotary positions of a part of each head, attention and MLP side by side or one after the other, queries, keys and
/// values in one matrix whose rows go head by head.
/// </summary>
internal sealed class GptNeoXFamily : IModelFamily
{
    /// <summary>What <c>model_type</c> is.</summary>
    public const string Type = "gpt_neox";

    private const string Stem = "gpt_neox.";
    private const string Head = "embed_out";

    /// <inheritdoc/>
    public string Name => "GPT-NeoX";

    /// <inheritdoc/>
    public bool Recognises(ConfigReader keys, ITensorArchive archive) => keys.Optional("model_type", string.Empty) == Type;

    /// <inheritdoc/>
    public FamilyModel Describe(ConfigReader keys, ITensorArchive archive)
    {
        HuggingFaceKeys.Read(keys);
        keys.Harmless("hidden_dropout");
        int d = keys.Required<int>("hidden_size");
        int heads = keys.Required<int>("num_attention_heads");
        int e = HuggingFaceKeys.HeadWidth(keys, d, "num_attention_heads", heads);
        bool biases = keys.Default("attention_bias", true);
        TransformerConfig config = new()
        {
            Layers = keys.Required<int>("num_hidden_layers"),
            ModelWidth = d,
            Heads = heads,
            HeadWidth = e,
            ContextLength = keys.Required<int>("max_position_embeddings"),
            Vocabulary = keys.Required<int>("vocab_size"),
            MlpWidth = keys.Required<int>("intermediate_size"),
            Activation = HuggingFaceKeys.ReadActivation(keys, "hidden_act", "gelu"),
            Epsilon = keys.Default("layer_norm_eps", 1e-5f),
            Positions = PositionalEmbedding.Rotary,
            Rotary = HuggingFaceRotary.Read(
                keys,
                e,
                ["rope_theta", "rotary_emb_base"],
                ["partial_rotary_factor", "rotary_pct"],
                fraction: 0.25
            ),
            AttentionBiases = biases,
            OutputBiases = biases,
            Parallel = keys.Default("use_parallel_residual", true),
            TiedEmbeddings = keys.Default("tie_word_embeddings", false),
            UnembeddingBiases = false,
        };
        keys.Close(Name);
        config.Validate(keys.Source, HuggingFaceNames.GptNeoX);
        string stem = archive.Tensors.ContainsKey("embed_in.weight") ? string.Empty : Stem;
        string head = archive.Tensors.ContainsKey("lm_head.weight") ? "lm_head" : Head;
        return new FamilyModel(Name, config, Map(new ParameterLayout(config), stem, head));
    }

    /// <summary>Where the tensors lie.</summary>
    /// <param name="layout">The tensors.</param>
    /// <param name="prefix">What precedes the names of all but the head.</param>
    /// <param name="head">The unembedding; in memory newer versions of the library call it <c>lm_head</c>.</param>
    public static TensorMap Map(ParameterLayout layout, string prefix = Stem, string head = Head)
    {
        (int d, int heads, int e) = (layout.Config.ModelWidth, layout.Config.Heads, layout.Config.HeadWidth);
        int rows = 3 * heads * e;
        TensorMap map = new(layout) { IsBuffer = IsBuffer };
        map.AddSame(layout.TokenEmbedding, prefix + "embed_in.weight");
        for (int l = 0; l < layout.Blocks.Count; l++)
        {
            BlockTensors block = layout.Blocks[l];
            string name = FormattableString.Invariant($"{prefix}layers.{l}.");
            map.AddNorm(block.Ln1Weight, block.Ln1Bias, name + "input_layernorm");
            map.AddNorm(block.Ln2Weight, block.Ln2Bias, name + "post_attention_layernorm");
            ParameterTensor[] weights = [block.Query, block.Key, block.Value];
            ParameterTensor[] biases = [block.QueryBias, block.KeyBias, block.ValueBias];
            for (int i = 0; i < weights.Length; i++)
            {
                map.Add(weights[i], TensorPlace.HeadRows(name + "attention.query_key_value.weight", rows, d, e, i * e, 3 * e));
                map.Add(biases[i], TensorPlace.HeadBiases(name + "attention.query_key_value.bias", rows, i * e, 3 * e));
            }

            map.AddOutput(block.Output, block.OutputBias, name + "attention.dense");
            map.AddLinear(block.MlpIn, block.MlpInBias, name + "mlp.dense_h_to_4h");
            map.AddLinear(block.MlpOut, block.MlpOutBias, name + "mlp.dense_4h_to_h");
        }

        map.AddNorm(layout.FinalNormWeight, layout.FinalNormBias, prefix + "final_layer_norm");
        map.AddUnembedding(head);
        return map;
    }

    // The causal mask and the table of frequencies, which older versions stored.
    private static bool IsBuffer(string name) =>
        name.EndsWith(".attention.bias", StringComparison.Ordinal)
        || name.EndsWith(".attention.masked_bias", StringComparison.Ordinal)
        || name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);
}
