using Curie.Networks.Architecture;

namespace Curie.Networks.Models.Families;

/// <summary>A network as a family's configuration describes it.</summary>
/// <param name="Family">The family's name for people, such as "GPT-NeoX".</param>
/// <param name="Config">The architecture.</param>
/// <param name="Map">Where its tensors lie.</param>
internal sealed record FamilyModel(string Family, TransformerConfig Config, TensorMap Map);
