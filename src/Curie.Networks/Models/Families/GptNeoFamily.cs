using System.Text.Json.Nodes;
using Curie.Networks.Architecture;
using Curie.Networks.Archives;
using Curie.Networks.Files;
using Curie.Networks.Parameters;

namespace Curie.Networks.Models.Families;

/// <summary>GPT-Neo (TinyStories): scores are not scaled, and some layers see a window of positions only.</summary>
internal sealed class GptNeoFamily : IModelFamily
{
    private const string Global = "global";
    private const string Local = "local";

    /// <inheritdoc/>
    public string Name => "GPT-Neo";

    /// <inheritdoc/>
    public bool Recognises(ConfigReader keys, ITensorArchive archive) => keys.Optional("model_type", string.Empty) == "gpt_neo";

    /// <inheritdoc/>
    public FamilyModel Describe(ConfigReader keys, ITensorArchive archive)
    {
        HuggingFaceKeys.Read(keys);
        keys.Harmless("embed_dropout", "resid_dropout", "attention_types");
        keys.Harmless("summary_activation", "summary_first_dropout", "summary_proj_to_labels", "summary_type", "summary_use_proj");
        int d = keys.Required<int>("hidden_size");
        int heads = keys.Required<int>("num_heads");
        int layers = HuggingFaceKeys.Layers(keys, "num_layers");
        TransformerConfig config = new()
        {
            Layers = layers,
            ModelWidth = d,
            Heads = heads,
            HeadWidth = HuggingFaceKeys.HeadWidth(keys, d, "num_heads", heads),
            ContextLength = keys.Required<int>("max_position_embeddings"),
            Vocabulary = keys.Required<int>("vocab_size"),
            MlpWidth = keys.Optional<int?>("intermediate_size", null) ?? (4 * d),
            Activation = HuggingFaceKeys.ReadActivation(keys, "activation_function", "gelu_new"),
            Epsilon = keys.Default("layer_norm_epsilon", 1e-5f),
            ScoreScale = 1,
            Windows = Windows(keys, layers),
            AttentionBiases = false,
            TiedEmbeddings = keys.Default("tie_word_embeddings", true),
            UnembeddingBiases = false,
        };
        keys.Close(Name);
        config.Validate(keys.Source, HuggingFaceNames.GptNeo);
        return new FamilyModel(
            Name,
            config,
            Map(new ParameterLayout(config), archive.Tensors.ContainsKey("wte.weight") ? "" : "transformer.")
        );
    }

    private static AttentionWindows? Windows(ConfigReader keys, int layers)
    {
        int window = keys.Default("window_size", 256);
        string[] kinds = keys.OptionalList<string>("attention_layers") ?? Expanded(keys, layers);
        if (kinds.Length != layers)
        {
            throw keys.Contradiction("num_layers", FormattableString.Invariant($"the kinds of attention are {kinds.Length}"));
        }

        if (kinds.Any(kind => kind is not (Global or Local)))
        {
            throw keys.Unsupported("attention_layers", "global and local");
        }

        if (kinds.Contains(Local) && window < 1)
        {
            throw keys.Unsupported("window_size", "windows of 1 position or more");
        }

        return kinds.Contains(Local) ? new AttentionWindows(kinds.Select(kind => kind == Local ? window : 0)) : null;
    }

    /// <summary>The kinds of <c>attention_types</c>, [[[kind, …], times], …], from which transformers makes the list of layers.</summary>
    private static string[] Expanded(ConfigReader keys, int layers)
    {
        const string Key = "attention_types";
        List<string> kinds = [];
        foreach (JsonNode? entry in keys.Node(Key) as JsonArray ?? [])
        {
            if (entry is not JsonArray { Count: 2 } pair || pair[0] is not JsonArray pattern || pair[1] is not JsonValue number)
            {
                throw keys.Unsupported(Key, "[[[kind, ...], times], ...]");
            }

            int times = number.TryGetValue(out int value) ? value : 0;
            for (int i = 0; i < times && pattern.Count > 0 && kinds.Count <= layers; i++)
            {
                kinds.AddRange(pattern.Select(kind => kind is JsonValue text && text.TryGetValue(out string? name) ? name : string.Empty));
            }
        }

        return [.. kinds];
    }

    private static TensorMap Map(ParameterLayout layout, string prefix)
    {
        TensorMap map = new(layout) { IsBuffer = IsBuffer };
        map.AddSame(layout.TokenEmbedding, prefix + "wte.weight");
        map.AddSame(layout.PositionEmbedding, prefix + "wpe.weight");
        for (int l = 0; l < layout.Blocks.Count; l++)
        {
            BlockTensors block = layout.Blocks[l];
            string name = FormattableString.Invariant($"{prefix}h.{l}.");
            map.AddNorm(block.Ln1Weight, block.Ln1Bias, name + "ln_1");
            map.AddHeads(block.Query, block.QueryBias, name + "attn.attention.q_proj");
            map.AddHeads(block.Key, block.KeyBias, name + "attn.attention.k_proj");
            map.AddHeads(block.Value, block.ValueBias, name + "attn.attention.v_proj");
            map.AddOutput(block.Output, block.OutputBias, name + "attn.attention.out_proj");
            map.AddNorm(block.Ln2Weight, block.Ln2Bias, name + "ln_2");
            map.AddLinear(block.MlpIn, block.MlpInBias, name + "mlp.c_fc");
            map.AddLinear(block.MlpOut, block.MlpOutBias, name + "mlp.c_proj");
        }

        map.AddNorm(layout.FinalNormWeight, layout.FinalNormBias, prefix + "ln_f");
        map.AddUnembedding("lm_head");
        return map;
    }

    private static bool IsBuffer(string name) =>
        name.EndsWith(".attn.attention.bias", StringComparison.Ordinal)
        || name.EndsWith(".attn.attention.masked_bias", StringComparison.Ordinal);
}
