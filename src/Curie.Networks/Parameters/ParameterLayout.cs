using Curie.Networks.Architecture;

namespace Curie.Networks.Parameters;

/// <summary>
/// Where every tensor of a transformer lies in the flat vector of its parameters: no gaps, in the order embeddings, blocks, final layer
/// norm, unembedding.
/// </summary>
public sealed class ParameterLayout
{
    private readonly List<ParameterTensor> _tensors = [];

    /// <summary>Lays out the parameters of an architecture.</summary>
    public ParameterLayout(TransformerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
        int d = config.ModelWidth;
        TokenEmbedding = Add("embed.W_E", config.Vocabulary, d);
        PositionEmbedding = Add("pos_embed.W_pos", config.ContextLength, d);
        Blocks = [.. Enumerable.Range(0, config.Layers).Select(AddBlock)];
        FinalNormWeight = Add("ln_final.w", d);
        FinalNormBias = Add("ln_final.b", d);
        Unembedding = Add("unembed.W_U", d, config.Vocabulary);
        UnembeddingBias = Add("unembed.b_U", config.Vocabulary);
    }

    /// <summary>The architecture.</summary>
    public TransformerConfig Config { get; }

    /// <summary>All tensors in order, without those that have no elements.</summary>
    public IReadOnlyList<ParameterTensor> Tensors => _tensors;

    /// <summary>W_E, V × d.</summary>
    public ParameterTensor TokenEmbedding { get; }

    /// <summary>W_pos, n_ctx × d.</summary>
    public ParameterTensor PositionEmbedding { get; }

    /// <summary>The blocks' tensors.</summary>
    public IReadOnlyList<BlockTensors> Blocks { get; }

    /// <summary>The final layer norm's w, d.</summary>
    public ParameterTensor FinalNormWeight { get; }

    /// <summary>The final layer norm's b, d.</summary>
    public ParameterTensor FinalNormBias { get; }

    /// <summary>W_U, d × V.</summary>
    public ParameterTensor Unembedding { get; }

    /// <summary>b_U, V.</summary>
    public ParameterTensor UnembeddingBias { get; }

    /// <summary>The number of parameters.</summary>
    public int Length { get; private set; }

    private ParameterTensor Add(string name, params int[] shape)
    {
        ParameterTensor tensor = new(name, shape, Length);
        if (tensor.Length > 0)
        {
            _tensors.Add(tensor);
        }

        Length = checked(Length + tensor.Length);
        return tensor;
    }

    private BlockTensors AddBlock(int layer)
    {
        (int d, int heads, int e, int hidden) = (Config.ModelWidth, Config.Heads, Config.HeadWidth, Config.MlpWidth);
        string block = $"blocks.{layer}.";
        bool mlp = !Config.AttentionOnly;
        int bias = Config.AttentionBiases ? e : 0;
        return new BlockTensors(
            Add(block + "ln1.w", d),
            Add(block + "ln1.b", d),
            Add(block + "attn.W_Q", heads, d, e),
            Add(block + "attn.W_K", heads, d, e),
            Add(block + "attn.W_V", heads, d, e),
            Add(block + "attn.W_O", heads, e, d),
            Add(block + "attn.b_Q", heads, bias),
            Add(block + "attn.b_K", heads, bias),
            Add(block + "attn.b_V", heads, bias),
            Add(block + "attn.b_O", Config.AttentionBiases ? d : 0),
            mlp ? Add(block + "ln2.w", d) : null,
            mlp ? Add(block + "ln2.b", d) : null,
            mlp ? Add(block + "mlp.W_in", d, hidden) : null,
            mlp ? Add(block + "mlp.b_in", hidden) : null,
            mlp ? Add(block + "mlp.W_out", hidden, d) : null,
            mlp ? Add(block + "mlp.b_out", d) : null
        );
    }
}
