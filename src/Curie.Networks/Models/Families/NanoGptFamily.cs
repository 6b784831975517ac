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

    // Its own words, and those of a rewriting whose checkpoints are otherwise the same.
    private static readonly Words[] Vocabularies =
    [
        new("n_layer", "n_head", "n_embd", "block_size", "bias", "dropout"),
        new("num_layers", "num_heads", "dim_embedding", "seq_length", "use_bias", "dropout_rate"),
    ];

    /// <inheritdoc/>
    public string Name => "nanoGPT";

    /// <inheritdoc/>
    public bool Recognises(ConfigReader keys, ITensorArchive archive) =>
        !keys.Has("model_type")
        && Array.Exists(Vocabularies, words => keys.Has(words.Layers) && keys.Has(words.Width) && keys.Has(words.Context));

    /// <inheritdoc/>
    public FamilyModel Describe(ConfigReader keys, ITensorArchive archive)
    {
        Words words = Array.Find(Vocabularies, words => keys.Has(words.Context))!;
        keys.Harmless(words.Dropout, "flash_attn");
        int d = keys.Required<int>(words.Width);
        int heads = keys.Required<int>(words.Heads);
        bool biases = keys.Optional(words.Bias, true);
        TransformerConfig config = new()
        {
            Layers = keys.Required<int>(words.Layers),
            ModelWidth = d,
            Heads = heads,
            HeadWidth = HuggingFaceKeys.HeadWidth(keys, d, words.Heads, heads),
            ContextLength = keys.Required<int>(words.Context),
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
        return new FamilyModel(Name, config, Map(new ParameterLayout(config), archive.Tensors.ContainsKey(Stem + "ln_f.gamma")));
    }

    private static TensorMap Map(ParameterLayout layout, bool greek)
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
            AddNorm(block.Ln1Weight, block.Ln1Bias, name + "ln_1");
            ParameterTensor[] weights = [block.Query, block.Key, block.Value];
            ParameterTensor[] biases = [block.QueryBias, block.KeyBias, block.ValueBias];
            for (int i = 0; i < weights.Length; i++)
            {
                map.Add(weights[i], TensorPlace.HeadRows(name + "attn.c_attn.weight", 3 * width, d, e, i * width, e));
                map.Add(biases[i], TensorPlace.HeadBiases(name + "attn.c_attn.bias", 3 * width, i * width, e));
            }

            map.AddOutput(block.Output, block.OutputBias, name + "attn.c_proj");
            AddNorm(block.Ln2Weight, block.Ln2Bias, name + "ln_2");
            map.AddLinear(block.MlpIn, block.MlpInBias, name + "mlp.c_fc");
            map.AddLinear(block.MlpOut, block.MlpOutBias, name + "mlp.c_proj");
        }

        AddNorm(layout.FinalNormWeight, layout.FinalNormBias, Stem + "ln_f");
        map.AddUnembedding("lm_head");
        return map;

        void AddNorm(ParameterTensor weight, ParameterTensor bias, string norm)
        {
            map.AddSame(weight, norm + (greek ? ".gamma" : ".weight"));
            map.AddSame(bias, norm + (greek ? ".beta" : ".bias"));
        }
    }

    /// <summary>The keys of one vocabulary.</summary>
    private sealed record Words(string Layers, string Heads, string Width, string Context, string Bias, string Dropout);
}
