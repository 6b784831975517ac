using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;

namespace Curie.Networks.Restricted;

/// <summary>Which attention head a component is.</summary>
/// <param name="Layer">Its layer.</param>
/// <param name="Head">Its number within the layer.</param>
internal readonly record struct HeadPlace(int Layer, int Head)
{
    /// <summary>Whether nothing that depends on the head but the final norm and the unembedding stands behind its layer.</summary>
    public bool IsLast(ParameterLayout layout) =>
        (layout.Config.AttentionOnly || layout.Config.Parallel) && Layer == layout.Config.Layers - 1;

    /// <summary>
    /// Whether an architecture's heads can be evaluated side by side: each has keys and values of its own, which no norm shared with others
    /// stands behind, and a position sees none behind it. Heads of other architectures take the plain path.
    /// </summary>
    public static bool Serves(TransformerConfig config) => config.HeadsPerGroup == 1 && !config.QueryKeyNorm && !config.Bidirectional;

    /// <summary>The head whose parameters are exactly those that vary, in an architecture that is served; null if there is none.</summary>
    public static HeadPlace? Find(ParameterLayout layout, Restriction restriction)
    {
        if (!Serves(layout.Config) || restriction.Dimension != HeadVector.LengthFor(layout.Config))
        {
            return null;
        }

        for (int layer = 0; layer < layout.Config.Layers; layer++)
        {
            for (int head = 0; head < layout.Config.Heads; head++)
            {
                if (new Restriction(Slices(layout.Blocks[layer], head)).Segments.SequenceEqual(restriction.Segments))
                {
                    return new HeadPlace(layer, head);
                }
            }
        }

        return null;
    }

    private static IEnumerable<ParameterSegment> Slices(BlockTensors block, int head)
    {
        ParameterTensor[] tensors = [block.Query, block.Key, block.Value, block.Output, block.QueryBias, block.KeyBias, block.ValueBias];
        foreach (ParameterTensor tensor in tensors.Where(tensor => tensor.Length > 0))
        {
            int length = tensor.Length / tensor.Shape[0];
            yield return new ParameterSegment(tensor.Offset + (head * length), length);
        }
    }
}
