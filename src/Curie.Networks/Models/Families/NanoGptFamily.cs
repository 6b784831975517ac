using Curie.Networks.Architecture;
using Curie.Networks.Archives;
using Curie.Networks.Files;
using Curie.Networks.Parameters;

namespace Curie.Networks.Models.Families;

/// <summary>nanoGPT's checkpoints: GPT-2's names with PyTorch's Linear, exact GELU, shared embeddings, all biases or none.</summary>
internal sealed class NanoGptFamily : IModelFamily
{
    private const string Stem = "transformer.";
    private const string Embedding = Stem + "wte.weight";

    /// <inheritdoc/>
    public string Name => "nanoGPT";

    /// <inheritdoc/>
    public bool Recognises(ConfigReader keys, ITensorArchive archive) =>
        keys.Has("n_layer") && keys.Has("n_embd") && keys.Has("block_size") && !keys.Has("model_type");

    /// <inheritdoc/>
    public FamilyModel Describe(ConfigReader keys, ITensorArchive archive)
    {
        keys.Harmless("dropout", "flash_attn");
        int d = keys.Required<int>("n_embd");
        int heads = keys.Required<int>("n_head");
        bool biases = keys.Optional("bias", true);
        TransformerConfig config = new()
        {
            Layers = keys.Required<int>("n_layer"),
            ModelWidth = d,
            Heads = heads,
            HeadWidth = HuggingFaceKeys.HeadWidth(keys, d, "n_head", heads),
            ContextLength = keys.Required<int>("block_size"),
            Vocabulary = keys.Required<int>("vocab_size"),
            MlpWidth = 4 * d,
            NormBiases = biases,
            AttentionBiases = biases,
            OutputBiases = biases,
            MlpInputBias = biases ? MlpInputBias.BeforeActivation : MlpInputBias.None,
            MlpOutputBias = biases,
            TiedEmbeddings = true,
            UnembeddingBiases = false,
        };
        keys.Close(Name);
        config.Validate(keys.Source);
        return new FamilyModel(Name, config, Map(new ParameterLayout(config)));
    }

    private static TensorMap Map(ParameterLayout layout)
    {
        (int d, int heads, int e) = (layout.Config.ModelWidth, layout.Config.Heads, layout.Config.HeadWidth);
        int width = heads * e;
        TensorMap map = new(layout) { IsBuffer = name => name.EndsWith(".attn.bias", StringComparison.Ordinal) };
        map.AddSame(layout.TokenEmbedding, Embedding);
        map.AddSame(layout.PositionEmbedding, Stem + "wpe.weight");
        for (int l = 0; l < layout.Blocks.Count; l++)
        {
            BlockTensors block = layout.Blocks[l];
            string name = FormattableString.Invariant($"{Stem}h.{l}.");
            map.AddNorm(block.Ln1Weight, block.Ln1Bias, name + "ln_1");
            ParameterTensor[] weights = [block.Query, block.Key, block.Value];
            ParameterTensor[] biases = [block.QueryBias, block.KeyBias, block.ValueBias];
            for (int i = 0; i < weights.Length; i++)
            {
                map.Add(weights[i], TensorPlace.HeadRows(name + "attn.c_attn.weight", 3 * width, d, e, i * width, e));
                map.Add(biases[i], TensorPlace.HeadBiases(name + "attn.c_attn.bias", 3 * width, i * width, e));
            }

            map.AddOutput(block.Output, block.OutputBias, name + "attn.c_proj");
            map.AddNorm(block.Ln2Weight, block.Ln2Bias, name + "ln_2");
            map.AddLinear(block.MlpIn, block.MlpInBias, name + "mlp.c_fc");
            map.AddLinear(block.MlpOut, block.MlpOutBias, name + "mlp.c_proj");
        }

        map.AddNorm(layout.FinalNormWeight, layout.FinalNormBias, Stem + "ln_f");
        map.AddUnembedding("lm_head");
        return map;
    }
}
