using Curie.Networks.Architecture;

namespace Curie.Networks.Parameters;

/// <summary>
/// Where every tensor of a transformer lies in the flat vector of its parameters: no gaps, in the order embeddings, blocks, final norm,
/// unembedding. Tensors that the architecture lacks have no elements.
/// </summary>
public sealed class ParameterLayout
{
    private readonly List<ParameterTensor> _tensors = [];

    private readonly bool _onlyCounts;
    private long _count;

    /// <summary>Lays out the parameters of an architecture.</summary>
    /// <exception cref="OverflowException">
    /// There are more than 2³¹ − 1 of them; <see cref="TransformerConfig.Validate(string)"/> says so in a sentence.
    /// </exception>
    public ParameterLayout(TransformerConfig config)
        : this(config, onlyCounts: false) => Length = checked((int)_count);

    private ParameterLayout(TransformerConfig config, bool onlyCounts)
    {
        ArgumentNullException.ThrowIfNull(config);
        _onlyCounts = onlyCounts;
        Config = config;
        int d = config.ModelWidth;
        TokenEmbedding = Add("embed.W_E", config.Vocabulary, d);
        PositionEmbedding = Add("pos_embed.W_pos", config.HasPositionTable ? config.ContextLength : 0, d);
        Blocks = [.. Enumerable.Range(0, config.Layers).Select(AddBlock)];
        FinalNormWeight = Add("ln_final.w", WeightLength(config.FinalNorm));
        FinalNormBias = Add("ln_final.b", BiasLength(config.FinalNorm));
        Unembedding = Add("unembed.W_U", config.TiedEmbeddings ? 0 : d, config.Logits);
        UnembeddingBias = Add("unembed.b_U", config.UnembeddingBiases ? config.Logits : 0);
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

    /// <summary>The final norm's w, d.</summary>
    public ParameterTensor FinalNormWeight { get; }

    /// <summary>The final norm's b, d.</summary>
    public ParameterTensor FinalNormBias { get; }

    /// <summary>W_U, d × V; without elements where it is W_Eᵀ.</summary>
    public ParameterTensor Unembedding { get; }

    /// <summary>b_U, V.</summary>
    public ParameterTensor UnembeddingBias { get; }

    /// <summary>The number of parameters.</summary>
    public int Length { get; }

    /// <summary>The number of parameters of an architecture, however many they are.</summary>
    internal static long Count(TransformerConfig config) => new ParameterLayout(config, onlyCounts: true)._count;

    private ParameterTensor Add(string name, params int[] shape)
    {
        int offset = _onlyCounts ? 0 : checked((int)_count);
        ParameterTensor tensor = new(name, _onlyCounts ? [0] : shape, offset);
        if (tensor.Length > 0)
        {
            _tensors.Add(tensor);
        }

        _count += shape.Aggregate(1L, (product, size) => product * size);
        return tensor;
    }

    private int WeightLength(NormKind kind) => kind == NormKind.None || !Config.NormWeights ? 0 : Config.ModelWidth;

    private int BiasLength(NormKind kind) => kind == NormKind.Layer && Config.NormBiases ? WeightLength(kind) : 0;

    /// <summary>
    /// The order is part of what a run's bits depend on: noise is counted along it. New kinds of tensors have no elements in older models.
    /// </summary>
    private BlockTensors AddBlock(int layer)
    {
        (int d, int heads, int groups, int e, int hidden) = (
            Config.ModelWidth,
            Config.Heads,
            Config.Groups,
            Config.HeadWidth,
            Config.MlpWidth
        );
        string block = $"blocks.{layer}.";
        int second = Config.HasSecondNorm ? 1 : 0;
        int bias = Config.AttentionBiases ? e : 0;
        int queryKeyNorm = Config.QueryKeyNorm ? e : 0;
        int gate = Config.GatedMlp ? hidden : 0;
        int input = Config.MlpInputBias == MlpInputBias.None ? 0 : hidden;
        int mlpNorm = Config is { MlpNorm: true, Norm: NormKind.Layer, NormWeights: true } ? hidden : 0;
        return new BlockTensors
        {
            Ln1Weight = Add(block + "ln1.w", WeightLength(Config.Norm)),
            Ln1Bias = Add(block + "ln1.b", BiasLength(Config.Norm)),
            Query = Add(block + "attn.W_Q", heads, d, e),
            Key = Add(block + "attn.W_K", groups, d, e),
            Value = Add(block + "attn.W_V", groups, d, e),
            Output = Add(block + "attn.W_O", heads, e, d),
            QueryBias = Add(block + "attn.b_Q", heads, bias),
            KeyBias = Add(block + "attn.b_K", groups, bias),
            ValueBias = Add(block + "attn.b_V", groups, bias),
            OutputBias = Add(block + "attn.b_O", Config.OutputBiases ? d : 0),
            QueryNorm = Add(block + "attn.q_norm.w", queryKeyNorm),
            KeyNorm = Add(block + "attn.k_norm.w", queryKeyNorm),
            Ln2Weight = Add(block + "ln2.w", second * WeightLength(Config.Norm)),
            Ln2Bias = Add(block + "ln2.b", second * BiasLength(Config.Norm)),
            MlpIn = Add(block + "mlp.W_in", hidden == 0 ? 0 : d, hidden),
            MlpInBias = Add(block + "mlp.b_in", input),
            MlpGate = Add(block + "mlp.W_gate", gate == 0 ? 0 : d, gate),
            MlpGateBias = Add(block + "mlp.b_gate", Config.MlpInputBias == MlpInputBias.BeforeActivation ? gate : 0),
            MlpNormWeight = Add(block + "mlp.ln.w", mlpNorm),
            MlpNormBias = Add(block + "mlp.ln.b", mlpNorm),
            MlpOut = Add(block + "mlp.W_out", hidden, hidden == 0 ? 0 : d),
            MlpOutBias = Add(block + "mlp.b_out", hidden == 0 || !Config.MlpOutputBias ? 0 : d),
        };
    }
}
