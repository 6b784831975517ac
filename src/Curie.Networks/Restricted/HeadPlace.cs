using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;

namespace Curie.Networks.Restricted;

/// <summary>Which attention heads a component is: a key-value head and all query heads that read it, one where none is shared.</summary>
/// <param name="Layer">Their layer.</param>
/// <param name="Group">The key-value head's number within the layer.</param>
internal readonly record struct HeadPlace(int Layer, int Group)
{
    /// <summary>
    /// Whether the logits are evaluated in the component's own dimensions: nothing that depends on it but the final norm and the
    /// unembedding stands behind its layer.
    /// </summary>
    public bool IsLowRank(TransformerConfig config) =>
        (config.AttentionOnly || config.Parallel) && Layer == config.Layers - 1 && IsNarrow(config);

    /// <summary>
    /// Whether products in a component's own dimensions are worth it: the four of a gradient are no more work than the two with all of the
    /// residual stream. A head with keys of its own is taken to be narrow whatever its width.
    /// </summary>
    public static bool IsNarrow(TransformerConfig config) => config.HeadsPerGroup == 1 || 2 * config.GroupWidth <= config.ModelWidth;

    /// <summary>
    /// The heads whose parameters are exactly those that vary; null if there are none, or if a position sees those behind it, so that what
    /// wanted positions depend on does not end with the last of them.
    /// </summary>
    public static HeadPlace? Find(ParameterLayout layout, Restriction restriction)
    {
        if (layout.Config.Bidirectional || restriction.Dimension != HeadVector.LengthFor(layout.Config))
        {
            return null;
        }

        for (int layer = 0; layer < layout.Config.Layers; layer++)
        {
            for (int group = 0; group < layout.Config.Groups; group++)
            {
                if (new Restriction(Slices(layout, layer, group)).Segments.SequenceEqual(restriction.Segments))
                {
                    return new HeadPlace(layer, group);
                }
            }
        }

        return null;
    }

    private static IEnumerable<ParameterSegment> Slices(ParameterLayout layout, int layer, int group)
    {
        BlockTensors block = layout.Blocks[layer];
        int heads = layout.Config.HeadsPerGroup;
        return block
            .OfHeads.Select(tensor => Slice(tensor, group * heads, heads))
            .Concat(block.OfGroups.Select(tensor => Slice(tensor, group, 1)));
    }

    private static ParameterSegment Slice(ParameterTensor tensor, int first, int count)
    {
        int length = tensor.Length / tensor.Shape[0];
        return new ParameterSegment(tensor.Offset + (first * length), count * length);
    }
}
