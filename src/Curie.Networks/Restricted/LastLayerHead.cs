using Curie.Networks.Components;
using Curie.Networks.Parameters;

namespace Curie.Networks.Restricted;

/// <summary>
/// Recognises the components that have a shortcut through the unembedding: one attention head of the last layer of a model without
/// MLPs, so that nothing but the final layer norm and the unembedding stands behind it.
/// </summary>
public static class LastLayerHead
{
    /// <summary>The head to which everything that varies belongs; null where the shortcut does not apply.</summary>
    public static int? Find(ParameterLayout layout, Restriction restriction)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(restriction);
        if (!layout.Config.AttentionOnly || layout.Blocks.Count == 0 || restriction.Dimension == 0)
        {
            return null;
        }

        for (int head = 0; head < layout.Config.Heads; head++)
        {
            Restriction whole = new(Slices(layout.Blocks[^1], head));
            if (restriction.Segments.All(part => whole.Segments.Any(slice => slice.Start <= part.Start && part.End <= slice.End)))
            {
                return head;
            }
        }

        return null;
    }

    private static IEnumerable<ParameterSegment> Slices(BlockTensors block, int head)
    {
        ParameterTensor[] tensors = [block.Query, block.Key, block.Value, block.Output, block.QueryBias, block.KeyBias, block.ValueBias];
        foreach (ParameterTensor tensor in tensors)
        {
            int length = tensor.Length / tensor.Shape[0];
            yield return new ParameterSegment(tensor.Offset + (head * length), length);
        }
    }
}
