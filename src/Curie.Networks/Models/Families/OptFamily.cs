using Curie.Networks.Architecture;
using Curie.Networks.Archives;
using Curie.Networks.Files;
using Curie.Networks.Parameters;

namespace Curie.Networks.Models.Families;

/// <summary>OPT with norms in front of its parts; its table of positions begins with two rows that no text of full rows uses.</summary>
internal sealed class OptFamily : IModelFamily
{
    private const int UnusedPositions = 2;

    /// <inheritdoc/>
    public string Name => "OPT";

    /// <inheritdoc/>
    public bool Recognises(ConfigReader keys, ITensorArchive archive) => keys.Optional("model_type", string.Empty) == "opt";

    /// <inheritdoc/>
    public FamilyModel Describe(ConfigReader keys, ITensorArchive archive)
    {
        HuggingFaceKeys.Read(keys);
        keys.Harmless("dropout", "activation_dropout", "init_std", "layerdrop");
        keys.Only("do_layer_norm_before", true);
        int d = keys.Required<int>("hidden_size");
        if ((keys.Optional<int?>("word_embed_proj_dim", null) ?? d) != d)
        {
            throw keys.Unsupported("word_embed_proj_dim", "embeddings of the width hidden_size");
        }

        int heads = keys.Required<int>("num_attention_heads");
        bool biases = keys.Default("enable_bias", true);
        TransformerConfig config = new()
        {
            Layers = keys.Required<int>("num_hidden_layers"),
            ModelWidth = d,
            Heads = heads,
            HeadWidth = HuggingFaceKeys.HeadWidth(keys, d, "num_attention_heads", heads),
            ContextLength = keys.Required<int>("max_position_embeddings"),
            Vocabulary = keys.Required<int>("vocab_size"),
            MlpWidth = keys.Required<int>("ffn_dim"),
            Activation = HuggingFaceKeys.ReadActivation(keys, "activation_function", "relu"),
            FinalNorm = keys.Default("_remove_final_layer_norm", false) ? NormKind.None : NormKind.Layer,
            NormWeights = keys.Default("layer_norm_elementwise_affine", true),
            AttentionBiases = biases,
            OutputBiases = biases,
            MlpInputBias = biases ? MlpInputBias.BeforeActivation : MlpInputBias.None,
            MlpOutputBias = biases,
            TiedEmbeddings = keys.Default("tie_word_embeddings", true),
            UnembeddingBiases = false,
        };
        keys.Close(Name);
        config.Validate(keys.Source, HuggingFaceNames.Opt);
        string[] stems = ["model.decoder.", "decoder.", ""];
        string stem = Array.Find(stems, stem => archive.Tensors.ContainsKey(stem + "embed_tokens.weight")) ?? stems[0];
        return new FamilyModel(Name, config, Map(new ParameterLayout(config), stem));
    }

    private static TensorMap Map(ParameterLayout layout, string stem)
    {
        int d = layout.Config.ModelWidth;
        TensorMap map = new(layout);
        map.AddSame(layout.TokenEmbedding, stem + "embed_tokens.weight");
        map.Add(
            layout.PositionEmbedding,
            new TensorPlace(
                stem + "embed_positions.weight",
                [layout.Config.ContextLength + UnusedPositions, d],
                UnusedPositions * d,
                [d, 1]
            )
        );
        for (int l = 0; l < layout.Blocks.Count; l++)
        {
            BlockTensors block = layout.Blocks[l];
            string name = FormattableString.Invariant($"{stem}layers.{l}.");
            map.AddNorm(block.Ln1Weight, block.Ln1Bias, name + "self_attn_layer_norm");
            map.AddHeads(block.Query, block.QueryBias, name + "self_attn.q_proj");
            map.AddHeads(block.Key, block.KeyBias, name + "self_attn.k_proj");
            map.AddHeads(block.Value, block.ValueBias, name + "self_attn.v_proj");
            map.AddOutput(block.Output, block.OutputBias, name + "self_attn.out_proj");
            map.AddNorm(block.Ln2Weight, block.Ln2Bias, name + "final_layer_norm");
            map.AddLinear(block.MlpIn, block.MlpInBias, name + "fc1");
            map.AddLinear(block.MlpOut, block.MlpOutBias, name + "fc2");
        }

        map.AddNorm(layout.FinalNormWeight, layout.FinalNormBias, stem + "final_layer_norm");
        map.AddUnembedding("lm_head");
        return map;
    }
}
