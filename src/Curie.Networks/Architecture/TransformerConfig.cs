using Curie.Numerics;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Architecture;

/// <summary>
/// The shape of a decoder-only transformer with pre-layer-norm blocks, learned positions, biases and an untied unembedding
/// (TransformerLens's HookedTransformer).
/// </summary>
public sealed record TransformerConfig
{
    /// <summary>Blocks.</summary>
    public required int Layers { get; init; }

    /// <summary>Width d of the residual stream.</summary>
    public required int ModelWidth { get; init; }

    /// <summary>Attention heads per block.</summary>
    public required int Heads { get; init; }

    /// <summary>Width e of a head.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>The longest row, in tokens.</summary>
    public required int ContextLength { get; init; }

    /// <summary>The vocabulary V.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Width of the MLP's hidden layer; 0 for an attention-only model.</summary>
    public int MlpWidth { get; init; }

    /// <summary>The MLP's nonlinearity; of no effect in an attention-only model.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>Added to the variance in every layer norm. Default 1e-5.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>How positions enter. Default standard.</summary>
    public PositionalEmbedding Positions { get; init; } = PositionalEmbedding.Standard;

    /// <summary>Whether attention has b_Q, b_K, b_V and b_O. Default true; models of language always have them.</summary>
    public bool AttentionBiases { get; init; } = true;

    /// <summary>Whether the blocks have no MLP.</summary>
    public bool AttentionOnly => MlpWidth == 0;

    /// <summary>heads · e, the width of all heads together.</summary>
    public int AttentionWidth => Heads * HeadWidth;

    /// <summary>The factor on attention scores, 1/√e.</summary>
    public float AttentionScale => 1f / MathF.Sqrt(HeadWidth);

    /// <summary>Checks every size.</summary>
    /// <param name="source">The file or setting that gave the sizes, for the message.</param>
    /// <exception cref="InputException">A size is not positive or too large.</exception>
    public void Validate(string source)
    {
        Require(Layers is >= 1 and <= 1000, "n_layers", Layers, "1 to 1000");
        Require(ModelWidth is >= 1 and <= 1 << 16, "d_model", ModelWidth, "1 to 65536");
        Require(Heads is >= 1 and <= 4096, "n_heads", Heads, "1 to 4096");
        Require(HeadWidth is >= 1 and <= 4096, "d_head", HeadWidth, "1 to 4096");
        Require(ContextLength is >= 2 and <= 1 << 20, "n_ctx", ContextLength, "2 to 1048576");
        Require(Vocabulary is >= 2 and <= 1 << 24, "d_vocab", Vocabulary, "2 to 16777216");
        Require(MlpWidth is >= 0 and <= 1 << 20, "d_mlp", MlpWidth, "1 to 1048576, or attn_only: true");
        Require(float.IsFinite(Epsilon) && Epsilon > 0, "eps", Epsilon, "a positive number such as 1e-5");

        void Require(bool holds, string key, object value, string allowed)
        {
            if (!holds)
            {
                throw new InputException(FormattableString.Invariant($"{source}: {key} is {value}; it must be {allowed}."));
            }
        }
    }
}
