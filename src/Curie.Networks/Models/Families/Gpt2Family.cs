using Curie.Networks.Architecture;
using Curie.Networks.Archives;
using Curie.Networks.Files;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Models.Families;

/// <summary>GPT-2 as Hugging Face writes it: matrices inputs × outputs, queries, keys and values in one of them.</summary>
internal sealed class Gpt2Family : IModelFamily
{
    /// <summary>What <c>model_type</c> is.</summary>
    public const string Type = "gpt2";

    /// <inheritdoc/>
    public string Name => "GPT-2";

    /// <inheritdoc/>
    public bool Recognises(ConfigReader keys, ITensorArchive archive) => keys.Optional("model_type", string.Empty) == Type;

    /// <inheritdoc/>
    public FamilyModel Describe(ConfigReader keys, ITensorArchive archive)
    {
        HuggingFaceKeys.Read(keys);
        keys.Harmless("attn_pdrop", "embd_pdrop", "resid_pdrop", "n_ctx", "n_special", "reorder_and_upcast_attn");
        keys.Harmless("summary_activation", "summary_first_dropout", "summary_proj_to_labels", "summary_type", "summary_use_proj");
        int d = keys.Required<int>("n_embd");
        int heads = keys.Required<int>("n_head");
        int e = HuggingFaceKeys.HeadWidth(keys, d, "n_head", heads);
        TransformerConfig config = new()
        {
            Layers = keys.Required<int>("n_layer"),
            ModelWidth = d,
            Heads = heads,
            HeadWidth = e,
            ContextLength = keys.Required<int>("n_positions"),
            Vocabulary = keys.Required<int>("vocab_size"),
            MlpWidth = keys.Optional<int?>("n_inner", null) ?? (4 * d),
            Activation = HuggingFaceKeys.ReadActivation(keys, "activation_function", "gelu_new"),
            Epsilon = keys.Default("layer_norm_epsilon", 1e-5f),
            ScoreScale = keys.Default("scale_attn_weights", true) ? null : 1,
            ScaleByLayer = keys.Default("scale_attn_by_inverse_layer_idx", false),
            TiedEmbeddings = keys.Default("tie_word_embeddings", true),
            UnembeddingBiases = false,
        };
        keys.Close(Name);
        config.Validate(keys.Source, HuggingFaceNames.Gpt2);
        return new FamilyModel(
            Name,
            config,
            Map(new ParameterLayout(config), archive.Tensors.ContainsKey("wte.weight") ? "" : "transformer.")
        );
    }

    /// <summary>Where the tensors lie.</summary>
    /// <param name="layout">The tensors.</param>
    /// <param name="prefix">What precedes the names of all but the head.</param>
    public static TensorMap Map(ParameterLayout layout, string prefix)
    {
        (int d, int heads, int e) = (layout.Config.ModelWidth, layout.Config.Heads, layout.Config.HeadWidth);
        int width = heads * e;
        TensorMap map = new(layout) { IsBuffer = IsBuffer };
        map.AddSame(layout.TokenEmbedding, prefix + "wte.weight");
        map.AddSame(layout.PositionEmbedding, prefix + "wpe.weight");
        for (int l = 0; l < layout.Blocks.Count; l++)
        {
            BlockTensors block = layout.Blocks[l];
            string name = FormattableString.Invariant($"{prefix}h.{l}.");
            map.AddNorm(block.Ln1Weight, block.Ln1Bias, name + "ln_1");
            ParameterTensor[] weights = [block.Query, block.Key, block.Value];
            ParameterTensor[] biases = [block.QueryBias, block.KeyBias, block.ValueBias];
            for (int i = 0; i < weights.Length; i++)
            {
                map.Add(weights[i], TensorPlace.HeadColumns(name + "attn.c_attn.weight", d, 3 * width, e, i * width));
                map.Add(biases[i], TensorPlace.HeadBiases(name + "attn.c_attn.bias", 3 * width, i * width, e));
            }

            map.AddSame(block.Output, name + "attn.c_proj.weight", [width, d]);
            map.AddSame(block.OutputBias, name + "attn.c_proj.bias");
            map.AddNorm(block.Ln2Weight, block.Ln2Bias, name + "ln_2");
            map.AddSame(block.MlpIn, name + "mlp.c_fc.weight");
            map.AddSame(block.MlpInBias, name + "mlp.c_fc.bias");
            map.AddSame(block.MlpOut, name + "mlp.c_proj.weight");
            map.AddSame(block.MlpOutBias, name + "mlp.c_proj.bias");
        }

        map.AddNorm(layout.FinalNormWeight, layout.FinalNormBias, prefix + "ln_f");
        map.AddUnembedding("lm_head");
        return map;
    }

    // The causal mask, and the number that stood for minus infinity, which older versions stored.
    private static bool IsBuffer(string name) =>
        name.EndsWith(".attn.bias", StringComparison.Ordinal) || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal);
}
