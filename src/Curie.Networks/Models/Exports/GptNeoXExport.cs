using System.Text.Json.Nodes;
using Curie.Networks.Architecture;
using Curie.Networks.Models.Families;
using Curie.Networks.Parameters;

namespace Curie.Networks.Models.Exports;

/// <summary>Writes networks with layer norms and rotary positions as GPT-NeoX.</summary>
internal sealed class GptNeoXExport : IExportTarget
{
    /// <inheritdoc/>
    public string Name => "GPT-NeoX";

    /// <inheritdoc/>
    public TransformerConfig Accept(TransformerConfig config, ExportParts parts)
    {
        parts.Positions(config, PositionalEmbedding.Rotary);
        parts.Norms(config, NormKind.Layer);
        parts.OfHuggingFace(config);
        parts.Without(config.GatedMlp, "gated MLP");
        parts.WholeHeads(config);
        parts.UsualScores(config);
        bool biases = config.AttentionBiases || config.OutputBiases;
        return config with
        {
            NormWeights = true,
            NormBiases = true,
            SharedNorm = false,
            Rotary = config.Rotary! with { AdjacentPairs = false },
            AttentionBiases = biases,
            OutputBiases = biases,
            MlpInputBias = MlpInputBias.BeforeActivation,
            MlpOutputBias = true,
        };
    }

    /// <inheritdoc/>
    public JsonObject Configuration(TransformerConfig config)
    {
        RotaryOptions rotary = config.Rotary!;
        double share = (double)rotary.Dimension / config.HeadWidth;
        if ((int)(share * config.HeadWidth) < rotary.Dimension)
        {
            share = Math.BitIncrement(share);
        }

        JsonObject json = HuggingFaceConfiguration.Create(GptNeoXFamily.Type, "GPTNeoXForCausalLM", config);
        json["attention_bias"] = config.AttentionBiases;
        json["attention_dropout"] = 0.0;
        json["hidden_act"] = HuggingFaceConfiguration.NameOf(config.Activation);
        json["hidden_dropout"] = 0.0;
        json["hidden_size"] = config.ModelWidth;
        json["intermediate_size"] = config.MlpWidth;
        json["layer_norm_eps"] = config.Epsilon;
        json["max_position_embeddings"] = config.ContextLength;
        json["num_attention_heads"] = config.Heads;
        json["num_hidden_layers"] = config.Layers;

        // The library's older versions read rotary_pct and rotary_emb_base, its newer ones the other two.
        json["partial_rotary_factor"] = share;
        json["rotary_pct"] = share;
        json["rope_theta"] = rotary.Base;
        json["rotary_emb_base"] = rotary.Base;
        json["rope_scaling"] = HuggingFaceConfiguration.ScalingOf(rotary);
        json["use_parallel_residual"] = config.Parallel;
        return json;
    }

    /// <inheritdoc/>
    public TensorMap Map(ParameterLayout layout) => GptNeoXFamily.Map(layout);
}
