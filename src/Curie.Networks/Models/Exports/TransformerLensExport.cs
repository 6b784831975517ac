using System.Text.Json.Nodes;
using Curie.Networks.Architecture;
using Curie.Networks.Models.Families;
using Curie.Networks.Parameters;

namespace Curie.Networks.Models.Exports;

/// <summary>Writes networks as TransformerLens's HookedTransformer has them.</summary>
internal sealed class TransformerLensExport : IExportTarget
{
    /// <inheritdoc/>
    public string Name => "TransformerLens";

    /// <inheritdoc/>
    public TransformerConfig Accept(TransformerConfig config, ExportParts parts)
    {
        parts.Without(config.Norm != NormKind.None && config.FinalNorm == NormKind.None, "unembedding without a norm in front of it");
        parts.Without(
            config.FinalNorm != config.Norm && (config.Norm, config.FinalNorm) is not (NormKind.Layer, NormKind.None or NormKind.Rms),
            "final norm of that kind behind norms of the other"
        );
        parts.Without(
            config.GatedMlp && config.MlpInputBias == MlpInputBias.BeforeActivation,
            "biases in front of the nonlinearity of a gated MLP"
        );
        parts.Without(Widths(config) > 1, "windows of several widths");
        return config with
        {
            NormBiases = true,
            SharedNorm = false,

            // The library knows no networks without positions; a table of zeros is the same function.
            Positions = config.Positions == PositionalEmbedding.None ? PositionalEmbedding.Standard : config.Positions,
            AttentionBiases = true,
            OutputBiases = true,
            MlpInputBias = config.GatedMlp ? MlpInputBias.AfterProduct : MlpInputBias.BeforeActivation,
            MlpOutputBias = true,
            UnembeddingBiases = true,
            TiedEmbeddings = false,
        };
    }

    /// <inheritdoc/>
    public JsonObject Configuration(TransformerConfig config)
    {
        JsonObject json = ModelConfigFile.ToJson(config);
        json["d_vocab_out"] = config.Logits;
        json["model_name"] = "custom";
        return json;
    }

    /// <inheritdoc/>
    public TensorMap Map(ParameterLayout layout) => TransformerLensFamily.Map(layout, layout.Config.HeadsPerGroup > 1);

    private static int Widths(TransformerConfig config) =>
        config.Windows is { } windows
            ? Enumerable.Range(0, windows.Layers).Select(layer => windows[layer]).Where(window => window > 0).Distinct().Count()
            : 0;
}
