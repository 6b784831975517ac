using Curie.Networks.Architecture;
using Curie.Networks.Archives;
using Curie.Networks.Files;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Models.Families;

/// <summary>llama2.c's binary files: Llama with rotary pairs that are neighbours, and Meta's names of tensors.</summary>
internal sealed class Llama2CFamily : IModelFamily
{
    /// <inheritdoc/>
    public string Name => "llama2.c";

    /// <inheritdoc/>
    public bool Recognises(ConfigReader keys, ITensorArchive archive) => keys.Optional("format", string.Empty) == "llama2.c";

    /// <inheritdoc/>
    public FamilyModel Describe(ConfigReader keys, ITensorArchive archive)
    {
        keys.Harmless("version");
        keys.Only("rotary", "interleaved");
        int d = keys.Required<int>("dim");
        int heads = keys.Required<int>("n_heads");
        int e = HuggingFaceKeys.HeadWidth(keys, d, "n_heads", heads);
        TransformerConfig config = new()
        {
            Layers = keys.Required<int>("n_layers"),
            ModelWidth = d,
            Heads = heads,
            HeadWidth = e,
            KeyValueHeads = keys.Required<int>("n_kv_heads"),
            ContextLength = keys.Required<int>("max_seq_len"),
            Vocabulary = keys.Required<int>("vocab_size"),
            MlpWidth = keys.Required<int>("hidden_dim"),
            GatedMlp = true,
            Activation = Activation.Silu,
            Norm = NormKind.Rms,
            FinalNorm = NormKind.Rms,
            Epsilon = keys.Required<float>("norm_eps"),
            Positions = PositionalEmbedding.Rotary,
            Rotary = new RotaryOptions
            {
                Dimension = e,
                Base = keys.Required<double>("rope_theta"),
                AdjacentPairs = true,
            },
            AttentionBiases = false,
            OutputBiases = false,
            MlpInputBias = MlpInputBias.None,
            MlpOutputBias = false,
            UnembeddingBiases = false,
            TiedEmbeddings = keys.Required<bool>("shared_classifier"),
        };
        keys.Close(Name);
        config.Validate(keys.Source);
        return new FamilyModel(Name, config, Map(new ParameterLayout(config)));
    }

    private static TensorMap Map(ParameterLayout layout)
    {
        TensorMap map = new(layout);
        map.AddSame(layout.TokenEmbedding, "tok_embeddings.weight");
        for (int l = 0; l < layout.Blocks.Count; l++)
        {
            BlockTensors block = layout.Blocks[l];
            string name = FormattableString.Invariant($"layers.{l}.");
            map.AddNorm(block.Ln1Weight, block.Ln1Bias, name + "attention_norm");
            map.AddHeads(block.Query, block.QueryBias, name + "attention.wq");
            map.AddHeads(block.Key, block.KeyBias, name + "attention.wk");
            map.AddHeads(block.Value, block.ValueBias, name + "attention.wv");
            map.AddOutput(block.Output, block.OutputBias, name + "attention.wo");
            map.AddNorm(block.Ln2Weight, block.Ln2Bias, name + "ffn_norm");
            map.AddLinear(block.MlpGate, block.MlpGateBias, name + "feed_forward.w1");
            map.AddLinear(block.MlpIn, block.MlpInBias, name + "feed_forward.w3");
            map.AddLinear(block.MlpOut, block.MlpOutBias, name + "feed_forward.w2");
        }

        map.AddNorm(layout.FinalNormWeight, layout.FinalNormBias, "norm");
        map.AddUnembedding("output");
        return map;
    }
}
