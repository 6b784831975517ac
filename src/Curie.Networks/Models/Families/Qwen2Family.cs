using Curie.Networks.Architecture;
using Curie.Networks.Archives;
using Curie.Networks.Files;

namespace Curie.Networks.Models.Families;

/// <summary>Qwen 2 and 2.5: Llama with biases of queries, keys and values.</summary>
internal sealed class Qwen2Family : IModelFamily
{
    /// <inheritdoc/>
    public string Name => "Qwen2";

    /// <inheritdoc/>
    public bool Recognises(ConfigReader keys, ITensorArchive archive) => keys.Optional("model_type", string.Empty) == "qwen2";

    /// <inheritdoc/>
    public FamilyModel Describe(ConfigReader keys, ITensorArchive archive)
    {
        keys.Only("use_mrope", false);
        TransformerConfig config = LlamaNames.Read(keys);
        return LlamaNames.Model(Name, keys, archive, config with { AttentionBiases = true, Windows = Windows(keys, config.Layers) });
    }

    /// <summary>The windows of Qwen's layers: from a layer on, where they are used at all.</summary>
    internal static AttentionWindows? Windows(ConfigReader keys, int layers)
    {
        bool used = keys.Default("use_sliding_window", false);
        int from = keys.Default("max_window_layers", 28);

        // The library's own default is a window; where it writes null there is none.
        int? window = keys.HasKey("sliding_window") ? keys.Optional<int?>("sliding_window", null) : 4096;
        return LlamaNames.Windows(keys, layers, used ? window : null, layer => layer >= from);
    }
}
