using Curie.Networks.Architecture;
using Curie.Networks.Archives;
using Curie.Networks.Files;

namespace Curie.Networks.Models.Families;

/// <summary>Mistral: Llama whose layers may all see a window of positions.</summary>
internal sealed class MistralFamily : IModelFamily
{
    /// <inheritdoc/>
    public string Name => "Mistral";

    /// <inheritdoc/>
    public bool Recognises(ConfigReader keys, ITensorArchive archive) => keys.Optional("model_type", string.Empty) == "mistral";

    /// <inheritdoc/>
    public FamilyModel Describe(ConfigReader keys, ITensorArchive archive)
    {
        TransformerConfig config = LlamaNames.Read(keys);

        // The library's own default is a window; where it writes null there is none.
        int? window = keys.HasKey("sliding_window") ? keys.Optional<int?>("sliding_window", null) : 4096;
        return LlamaNames.Model(Name, keys, archive, config with { Windows = LlamaNames.Windows(keys, config.Layers, window, _ => true) });
    }
}
