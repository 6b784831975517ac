using Curie.Networks.Architecture;
using Curie.Networks.Archives;
using Curie.Networks.Files;

namespace Curie.Networks.Models.Families;

/// <summary>Llama 1 to 3 and what is written in its form, such as SmolLM.</summary>
internal sealed class LlamaFamily : IModelFamily
{
    /// <summary>What <c>model_type</c> is.</summary>
    public const string Type = "llama";

    /// <inheritdoc/>
    public string Name => "Llama";

    /// <inheritdoc/>
    public bool Recognises(ConfigReader keys, ITensorArchive archive) => keys.Optional("model_type", string.Empty) == Type;

    /// <inheritdoc/>
    public FamilyModel Describe(ConfigReader keys, ITensorArchive archive)
    {
        // How products are cut, and from where a file was converted.
        keys.Harmless("pretraining_tp", "is_llama_config", "transformers.js_config");
        keys.Only("rope_interleaved", false);
        bool biases = keys.Default("attention_bias", false);
        bool mlp = keys.Default("mlp_bias", false);
        TransformerConfig config = LlamaNames.Read(keys) with
        {
            AttentionBiases = biases,
            OutputBiases = biases,
            MlpInputBias = mlp ? MlpInputBias.BeforeActivation : MlpInputBias.None,
            MlpOutputBias = mlp,
        };
        return LlamaNames.Model(Name, keys, archive, config);
    }
}
