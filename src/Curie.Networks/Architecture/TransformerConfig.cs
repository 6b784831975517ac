using Curie.Networks.Parameters;
using Curie.Networks.Regression;
using Curie.Numerics;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Architecture;

/// <summary>
/// The architecture of a transformer with norms in front of its parts: which kind of each part, and every size. The defaults are those of
/// TransformerLens's HookedTransformer with layer norm, learned positions, all biases and an untied unembedding.
/// </summary>
public sealed record TransformerConfig
{
    /// <summary>The most blocks that a network may have.</summary>
    internal const int MostLayers = 1000;

    /// <summary>Blocks.</summary>
    public required int Layers { get; init; }

    /// <summary>Width d of the residual stream.</summary>
    public required int ModelWidth { get; init; }

    /// <summary>Attention heads per block.</summary>
    public required int Heads { get; init; }

    /// <summary>Width e of a head; heads·e need not be d.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>The longest row, in tokens.</summary>
    public required int ContextLength { get; init; }

    /// <summary>The vocabulary V.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Heads that keys and values have, a divisor of <see cref="Heads"/>; 0, the default, for as many as queries have.</summary>
    public int KeyValueHeads { get; init; }

    /// <summary>The number of logits; 0, the default, for one each token. Targets must be below it.</summary>
    public int OutputVocabulary { get; init; }

    /// <summary>Width of the MLP's hidden layer; 0 for an attention-only model.</summary>
    public int MlpWidth { get; init; }

    /// <summary>The MLP's nonlinearity; of no effect in an attention-only model.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>Whether the MLP is f(x·W_gate) ⊙ (x·W_in) in place of f(x·W_in). Default false.</summary>
    public bool GatedMlp { get; init; }

    /// <summary>
    /// Whether the nonlinearity is followed by a layer norm of its own, with weights and biases where the layer norms in front of the parts
    /// have them. Default false.
    /// </summary>
    public bool MlpNorm { get; init; }

    /// <summary>The norm in front of attention and MLP. Default layer norm.</summary>
    public NormKind Norm { get; init; } = NormKind.Layer;

    /// <summary>The norm in front of the unembedding. Default layer norm.</summary>
    public NormKind FinalNorm { get; init; } = NormKind.Layer;

    /// <summary>Whether norms have weights; they have none where these were folded into what follows. Default true.</summary>
    public bool NormWeights { get; init; } = true;

    /// <summary>Whether layer norms with weights have biases too. Default true.</summary>
    public bool NormBiases { get; init; } = true;

    /// <summary>Added to the variance in every norm. Default 1e-5.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>How positions enter. Default standard.</summary>
    public PositionalEmbedding Positions { get; init; } = PositionalEmbedding.Standard;

    /// <summary>How queries and keys are turned where positions are rotary; null otherwise.</summary>
    public RotaryOptions? Rotary { get; init; }

    /// <summary>Whether queries, keys and values have biases. Default true.</summary>
    public bool AttentionBiases { get; init; } = true;

    /// <summary>Whether the attention's output has a bias. Default true.</summary>
    public bool OutputBiases { get; init; } = true;

    /// <summary>Where the bias of the MLP's input stands. Default before the activation.</summary>
    public MlpInputBias MlpInputBias { get; init; } = MlpInputBias.BeforeActivation;

    /// <summary>Whether the MLP's output has a bias. Default true.</summary>
    public bool MlpOutputBias { get; init; } = true;

    /// <summary>Whether logits have a bias. Default true.</summary>
    public bool UnembeddingBiases { get; init; } = true;

    /// <summary>Whether the unembedding is the token embedding, W_U = W_Eᵀ, one set of weights. Default false.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>The factor on attention scores; null, the default, for 1/√e.</summary>
    public float? ScoreScale { get; init; }

    /// <summary>Whether the scores of layer l are divided by l + 1 too. Default false.</summary>
    public bool ScaleByLayer { get; init; }

    /// <summary>Whether every position sees all others. Default false: only itself and those before it.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>Windows of attention; null, the default, where every layer sees all positions.</summary>
    public AttentionWindows? Windows { get; init; }

    /// <summary>
    /// Whether each head's queries and keys pass an RMS norm of width e, with weights that a layer's heads share. Default false.
    /// </summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>Whether attention and MLP of a block read the same residual stream, and both are added to it. Default false.</summary>
    public bool Parallel { get; init; }

    /// <summary>Whether attention and MLP of a parallel block share one norm. Default false.</summary>
    public bool SharedNorm { get; init; }

    /// <summary>
    /// What a network of in-context regression learns, whose tokens are no text but vectors of V numbers that W_E maps to the residual
    /// stream (<see cref="RegressionArchitecture.Shape"/>). Default null: a token is an index.
    /// </summary>
    public RegressionTask? Task { get; internal init; }

    /// <summary>Whether tokens are vectors.</summary>
    internal bool VectorTokens => Task is not null;

    /// <summary>Whether a block adds its input once more: 2·x + attention + MLP.</summary>
    internal bool DoubleResidual { get; init; }

    /// <summary>Whether queries, keys and values are one product. Theirs is another order of sums in the gradient of its input.</summary>
    internal bool JointProjection { get; init; }

    /// <summary>Whether the blocks have no MLP.</summary>
    public bool AttentionOnly => MlpWidth == 0;

    /// <summary>heads · e, the width of all heads together.</summary>
    public int AttentionWidth => Heads * HeadWidth;

    /// <summary>Key-value heads: g of them.</summary>
    public int Groups => KeyValueHeads == 0 ? Heads : KeyValueHeads;

    /// <summary>Heads that share a key-value head.</summary>
    public int HeadsPerGroup => Heads / Groups;

    /// <summary>h·e, the width of all queries that read one key-value head, h = <see cref="HeadsPerGroup"/>.</summary>
    internal int GroupWidth => HeadsPerGroup * HeadWidth;

    /// <summary>g · e, the width of all keys together.</summary>
    public int KeyWidth => Groups * HeadWidth;

    /// <summary>A + 2·G, the width of all queries, keys and values together.</summary>
    internal int ProjectionWidth => AttentionWidth + (2 * KeyWidth);

    /// <summary>The number of logits.</summary>
    public int Logits => OutputVocabulary == 0 ? Vocabulary : OutputVocabulary;

    /// <summary>Whether positions have a table of their own, W_pos.</summary>
    public bool HasPositionTable => Positions is PositionalEmbedding.Standard or PositionalEmbedding.Shortformer;

    /// <summary>Whether attention and MLP of every block have norms of their own.</summary>
    public bool HasSecondNorm => !AttentionOnly && !(Parallel && SharedNorm);

    /// <summary>The factor on the attention scores of a layer.</summary>
    public float AttentionScale(int layer)
    {
        float scale = ScoreScale ?? (1f / MathF.Sqrt(HeadWidth));
        return ScaleByLayer ? scale / (layer + 1) : scale;
    }

    /// <summary>Which keys a query of a layer sees.</summary>
    public AttentionSpan Span(int layer) => new(Windows?[layer] ?? 0, Bidirectional);

    /// <summary>Checks every size.</summary>
    /// <param name="source">The file or setting that gave the sizes, for the message.</param>
    /// <exception cref="InputException">A size is not positive or too large, or parts do not fit together.</exception>
    public void Validate(string source) => Validate(source, names: null);

    /// <summary>Checks every size, and names it in messages as the source does.</summary>
    /// <param name="source">The file or setting that gave the sizes.</param>
    /// <param name="names">What the source calls the keys that it calls otherwise than Curie; null where all have Curie's names.</param>
    /// <exception cref="InputException">As <see cref="Validate(string)"/>.</exception>
    internal void Validate(string source, IReadOnlyDictionary<string, string>? names)
    {
        Require(Layers is >= 1 and <= MostLayers, "n_layers", Layers, $"1 to {MostLayers}");
        Require(ModelWidth is >= 1 and <= 1 << 16, "d_model", ModelWidth, "1 to 65536");
        Require(Heads is >= 1 and <= 4096, "n_heads", Heads, "1 to 4096");
        Require(HeadWidth is >= 1 and <= 4096, "d_head", HeadWidth, "1 to 4096");
        Require(ContextLength is >= 2 and <= 1 << 20, "n_ctx", ContextLength, "2 to 1048576");
        Require(Vocabulary is >= 2 and <= 1 << 24, "d_vocab", Vocabulary, "2 to 16777216");
        Require(OutputVocabulary is 0 or (>= 2 and <= 1 << 24), "d_vocab_out", OutputVocabulary, "2 to 16777216");
        Require(MlpWidth is >= 0 and <= 1 << 20, "d_mlp", MlpWidth, "1 to 1048576, or attn_only: true");
        Require(float.IsFinite(Epsilon) && Epsilon > 0, "eps", Epsilon, "a positive number such as 1e-5");
        Require(
            KeyValueHeads == 0 || (KeyValueHeads > 0 && Heads % KeyValueHeads == 0),
            "n_key_value_heads",
            KeyValueHeads,
            $"a divisor of {Name("n_heads")}, {Heads}"
        );
        Require(
            ScoreScale is null || (float.IsFinite(ScoreScale.Value) && ScoreScale > 0),
            "the scale of attention",
            ScoreScale ?? 0,
            "a positive number"
        );
        Require(
            !TiedEmbeddings || Logits == Vocabulary,
            "d_vocab_out",
            OutputVocabulary,
            $"{Name("d_vocab")}, {Vocabulary}, where the embeddings are tied"
        );
        Require(
            Windows is null || Windows.Layers == Layers,
            "the number of attention windows",
            Windows?.Layers ?? 0,
            $"one for each of {Layers} layers"
        );
        int narrowest = Windows is null ? 0 : Enumerable.Range(0, Layers).Min(layer => Windows[layer]);
        Require(narrowest >= 0, "a window of attention", narrowest, "a number of positions, or 0 for all");
        if ((Rotary is not null) != (Positions == PositionalEmbedding.Rotary))
        {
            throw new InputException(
                $"{source}: rotary positions need their dimension and base, and other positions have none; give both."
            );
        }

        Rotary?.Validate(source, HeadWidth, Name);
        long parameters = ParameterLayout.Count(this);
        if (parameters > int.MaxValue)
        {
            throw new InputException(
                FormattableString.Invariant(
                    $"{source}: the network has {parameters} parameters, more than the {int.MaxValue} of Curie's limit; "
                ) + "take a smaller one."
            );
        }

        string Name(string key) => names?.GetValueOrDefault(key) ?? key;

        void Require(bool holds, string key, object value, string allowed)
        {
            if (!holds)
            {
                throw new InputException(FormattableString.Invariant($"{source}: {Name(key)} is {value}; it must be {allowed}."));
            }
        }
    }
}
