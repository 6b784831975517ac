using System.Text.Json.Nodes;
using Curie.Networks.Architecture;
using Curie.Networks.Models.Families;
using Curie.Networks.Parameters;

namespace Curie.Networks.Models.Exports;

/// <summary>Writes networks with RMS norms, gated MLPs and rotary positions as Llama.</summary>
internal sealed class LlamaExport : IExportTarget
{
    /// <inheritdoc/>
    public string Name => "Llama";

    /// <inheritdoc/>
    public TransformerConfig Accept(TransformerConfig config, ExportParts parts)
    {
        parts.Positions(config, PositionalEmbedding.Rotary);
        parts.Norms(config, NormKind.Rms);
        parts.OfHuggingFace(config);
        parts.Without(!config.GatedMlp, "MLP without a gate");
        parts.Without(config.MlpInputBias == MlpInputBias.AfterProduct, "bias behind the product of an MLP's gate and input");
        parts.Without(config.Parallel, "blocks whose attention and MLP read the same");
        parts.Without(config.Rotary!.Dimension != config.HeadWidth, "rotary positions of a part of each head");
        parts.UsualScores(config);
        bool attention = config.AttentionBiases || config.OutputBiases;
        bool mlp = config.MlpInputBias != MlpInputBias.None || config.MlpOutputBias;
        return config with
        {
            NormWeights = true,
            Rotary = config.Rotary with { AdjacentPairs = false },
            AttentionBiases = attention,
            OutputBiases = attention,
            MlpInputBias = mlp ? MlpInputBias.BeforeActivation : MlpInputBias.None,
            MlpOutputBias = mlp,
        };
    }

    /// <inheritdoc/>
    public JsonObject Configuration(TransformerConfig config)
    {
        JsonObject json = HuggingFaceConfiguration.Create(LlamaFamily.Type, "LlamaForCausalLM", config);
        json["attention_bias"] = config.AttentionBiases;
        json["attention_dropout"] = 0.0;
        json["head_dim"] = config.HeadWidth;
        json["hidden_act"] = HuggingFaceConfiguration.NameOf(config.Activation);
        json["hidden_size"] = config.ModelWidth;
        json["intermediate_size"] = config.MlpWidth;
        json["max_position_embeddings"] = config.ContextLength;
        json["mlp_bias"] = config.MlpOutputBias;
        json["num_attention_heads"] = config.Heads;
        json["num_hidden_layers"] = config.Layers;
        json["num_key_value_heads"] = config.Groups;
        json["pretraining_tp"] = 1;
        json["rms_norm_eps"] = config.Epsilon;
        json["rope_scaling"] = HuggingFaceConfiguration.ScalingOf(config.Rotary!);
        json["rope_theta"] = config.Rotary!.Base;
        return json;
    }

    /// <inheritdoc/>
    public TensorMap Map(ParameterLayout layout) => LlamaNames.Map(layout);
}
