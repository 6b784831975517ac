using System.Text.Json.Nodes;
using Curie.Networks.Architecture;
using Curie.Networks.Models.Families;
using Curie.Networks.Parameters;

namespace Curie.Networks.Models.Exports;

/// <summary>Writes networks with learned positions as GPT-2.</summary>
internal sealed class Gpt2Export : IExportTarget
{
    /// <inheritdoc/>
    public string Name => "GPT-2";

    /// <inheritdoc/>
    public TransformerConfig Accept(TransformerConfig config, ExportParts parts)
    {
        parts.Positions(config, PositionalEmbedding.Standard);
        parts.Norms(config, NormKind.Layer);
        parts.OfHuggingFace(config);
        parts.Without(config.GatedMlp, "gated MLP");
        parts.Without(config.Parallel, "blocks whose attention and MLP read the same");
        parts.WholeHeads(config);
        parts.Without(config.ScoreScale is not (null or 1), "factor on attention scores other than 1 and the root of d_head");
        return config with
        {
            NormWeights = true,
            NormBiases = true,
            AttentionBiases = true,
            OutputBiases = true,
            MlpInputBias = MlpInputBias.BeforeActivation,
            MlpOutputBias = true,
        };
    }

    /// <inheritdoc/>
    public JsonObject Configuration(TransformerConfig config)
    {
        JsonObject json = HuggingFaceConfiguration.Create(Gpt2Family.Type, "GPT2LMHeadModel", config);
        json["activation_function"] = HuggingFaceConfiguration.NameOf(config.Activation);
        json["attn_pdrop"] = 0.0;
        json["embd_pdrop"] = 0.0;
        json["layer_norm_epsilon"] = config.Epsilon;
        json["n_embd"] = config.ModelWidth;
        json["n_head"] = config.Heads;
        json["n_inner"] = config.MlpWidth == 4 * config.ModelWidth ? null : config.MlpWidth;
        json["n_layer"] = config.Layers;
        json["n_positions"] = config.ContextLength;
        json["resid_pdrop"] = 0.0;
        json["scale_attn_by_inverse_layer_idx"] = config.ScaleByLayer;
        json["scale_attn_weights"] = config.ScoreScale is null;
        return json;
    }

    /// <inheritdoc/>
    public TensorMap Map(ParameterLayout layout) => Gpt2Family.Map(layout, "transformer.");
}
