using Curie.Networks.Architecture;
using Curie.Networks.Archives;
using Curie.Networks.Files;

namespace Curie.Networks.Models.Families;

/// <summary>Qwen 3, dense: Llama with RMS norms of each head's queries and keys.</summary>
internal sealed class Qwen3Family : IModelFamily
{
    /// <inheritdoc/>
    public string Name => "Qwen3";

    /// <inheritdoc/>
    public bool Recognises(ConfigReader keys, ITensorArchive archive) => keys.Optional("model_type", string.Empty) == "qwen3";

    /// <inheritdoc/>
    public FamilyModel Describe(ConfigReader keys, ITensorArchive archive)
    {
        const int LibraryHeadWidth = 128;
        bool biases = keys.Default("attention_bias", false);
        TransformerConfig config = LlamaNames.Read(keys, headWidth: LibraryHeadWidth);
        return LlamaNames.Model(
            Name,
            keys,
            archive,
            config with
            {
                QueryKeyNorm = true,
                AttentionBiases = biases,
                OutputBiases = biases,
                Windows = Qwen2Family.Windows(keys, config.Layers),
            }
        );
    }
}
