using Curie.Networks.Architecture;
using Curie.Networks.Archives;
using Curie.Networks.Files;
using Curie.Networks.Parameters;

namespace Curie.Networks.Models.Families;

/// <summary>
/// State dicts of TransformerLens's HookedTransformer, versions 1 to 3, and Curie's own folders: names and shapes are Curie's, but for keys
/// and values of grouped queries.
/// </summary>
internal sealed class TransformerLensFamily : IModelFamily
{
    /// <inheritdoc/>
    public string Name => "TransformerLens";

    /// <inheritdoc/>
    public bool Recognises(ConfigReader keys, ITensorArchive archive) =>
        keys.Has("d_model") && keys.Has("n_layers") && !archive.Tensors.ContainsKey(TransformerLensNativeFamily.Embedding);

    /// <inheritdoc/>
    public FamilyModel Describe(ConfigReader keys, ITensorArchive archive)
    {
        TransformerConfig config = TransformerLensKeys.Read(keys, shared: !archive.Tensors.ContainsKey("unembed.W_U"));
        keys.Harmless("kind");
        keys.Close(Name);
        config.Validate(keys.Source);
        return new FamilyModel(Name, config, Map(new ParameterLayout(config), archive.Tensors.ContainsKey("blocks.0.attn._W_K")));
    }

    /// <summary>Where the tensors lie.</summary>
    /// <param name="layout">The tensors.</param>
    /// <param name="grouped">Whether keys and values have the names that the library gives them in grouped queries.</param>
    public static TensorMap Map(ParameterLayout layout, bool grouped)
    {
        TensorMap map = new(layout)
        {
            IsBuffer = IsBuffer,
            IsSineTable = name => name.EndsWith(".attn.rotary_sin", StringComparison.Ordinal),
        };
        HashSet<ParameterTensor> groups = grouped ? [.. layout.Blocks.SelectMany(block => block.OfGroups)] : [];
        foreach (ParameterTensor tensor in layout.Tensors)
        {
            string name = tensor.Name;
            map.AddSame(tensor, groups.Contains(tensor) ? name.Insert(name.LastIndexOf('.') + 1, "_") : name);
        }

        return map;
    }

    private static bool IsBuffer(string name) =>
        name.EndsWith(".attn.mask", StringComparison.Ordinal)
        || name.EndsWith(".attn.IGNORE", StringComparison.Ordinal)
        || name.EndsWith(".attn.rotary_cos", StringComparison.Ordinal);
}
