using Curie.Networks.Architecture;
using Curie.Numerics;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Models.Exports;

/// <summary>Refuses the parts of a network that another library's family has not, each by its name.</summary>
/// <param name="source">The model as the user wrote it.</param>
/// <param name="family">The family.</param>
internal sealed class ExportParts(string source, string family)
{
    /// <summary>Refuses a part.</summary>
    /// <param name="present">Whether the network has it.</param>
    /// <param name="part">What it is, so that "the family has no …" is a sentence.</param>
    /// <exception cref="InputException">It has.</exception>
    public void Without(bool present, string part)
    {
        if (present)
        {
            throw new InputException($"{source}: {family} has no {part}; write Curie's own folder, which holds every network.");
        }
    }

    /// <summary>Requires one way in which positions enter.</summary>
    public void Positions(TransformerConfig config, PositionalEmbedding wanted) =>
        Without(
            config.Positions != wanted,
            config.Positions switch
            {
                PositionalEmbedding.Standard => "learned positions",
                PositionalEmbedding.Shortformer => "positions that enter queries and keys alone",
                PositionalEmbedding.Rotary => "rotary positions",
                _ => "networks without positions",
            }
        );

    /// <summary>Requires one kind of norm everywhere.</summary>
    public void Norms(TransformerConfig config, NormKind wanted)
    {
        foreach (NormKind kind in (NormKind[])[config.Norm, config.FinalNorm])
        {
            Without(
                kind != wanted,
                kind switch
                {
                    NormKind.None => "parts without a norm in front",
                    NormKind.Rms => "RMS norms",
                    _ => "layer norms",
                }
            );
        }
    }

    /// <summary>Refuses what no family of Hugging Face's has that networks are written as.</summary>
    public void OfHuggingFace(TransformerConfig config)
    {
        Without(config.AttentionOnly, "blocks without an MLP");
        Without(config.MlpNorm, "norms behind the MLP's nonlinearity");
        Without(config.Activation == Activation.Solu, "softmax linear units");
        Without(config.Bidirectional, "attention to later positions");
        Without(config.Windows is not null, "windows of attention");
        Without(config.QueryKeyNorm, "norms of queries and keys");
        Without(config.UnembeddingBiases, "biases of logits");
        Without(config.Logits != config.Vocabulary, "outputs other than its tokens");
    }

    /// <summary>Requires that all heads together are as wide as the residual stream.</summary>
    public void WholeHeads(TransformerConfig config)
    {
        Without(config.AttentionWidth != config.ModelWidth, "heads that are together wider or narrower than the residual stream");
        Without(config.Groups != config.Heads, "heads that share keys and values");
    }

    /// <summary>Requires scores that are divided by √d_head alone.</summary>
    public void UsualScores(TransformerConfig config)
    {
        Without(config.ScoreScale is not null, "factor on attention scores other than the root of d_head");
        Without(config.ScaleByLayer, "attention scores divided by the layer's number");
    }
}
