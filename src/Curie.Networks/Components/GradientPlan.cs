using Curie.Networks.Architecture;
using Curie.Networks.Parameters;

namespace Curie.Networks.Components;

/// <summary>Which gradients a restriction needs, and how far down the network the backward pass must go for them.</summary>
public sealed class GradientPlan
{
    private const int BlockLength = 1 << 14;
    private readonly bool[] _wanted;
    private readonly int[][] _heads;
    private readonly ReductionBlock[] _blocks;

    /// <summary>Plans the backward pass for a restriction.</summary>
    public GradientPlan(ParameterLayout layout, Restriction restriction)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(restriction);
        Layout = layout;
        Restriction = restriction;
        _wanted = [.. layout.Tensors.Select(restriction.Touches)];
        _heads = [.. layout.Blocks.Select(block => Enumerable.Range(0, layout.Config.Heads).Where(h => TouchesHead(block, h)).ToArray())];
        FirstAffectedLayer = FindFirstAffectedLayer();
        _blocks = [.. Cut(restriction)];
        NeedsEmbedding = Wants(layout.TokenEmbedding)
            || (Wants(layout.PositionEmbedding) && layout.Config.Positions == PositionalEmbedding.Standard);
    }

    /// <summary>The layout of the parameters.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>The parameters whose gradient is computed.</summary>
    public Restriction Restriction { get; }

    /// <summary>The restriction in pieces of bounded length, in order.</summary>
    public ReadOnlySpan<ReductionBlock> Blocks => _blocks;

    /// <summary>
    /// The first block whose output depends on the restricted parameters; what enters it is a constant. Equal to the number of blocks
    /// when only the final layer norm or the unembedding varies.
    /// </summary>
    public int FirstAffectedLayer { get; }

    /// <summary>Whether the gradient must reach the embeddings.</summary>
    public bool NeedsEmbedding { get; }

    /// <summary>Whether a tensor's gradient is computed.</summary>
    public bool Wants(ParameterTensor? tensor) => tensor is not null && _wanted[IndexOf(tensor)];

    /// <summary>The heads of a layer whose slices' gradients are computed, ascending.</summary>
    public ReadOnlySpan<int> Heads(int layer) => _heads[layer];

    /// <summary>Whether the gradient must be carried below the attention of a layer.</summary>
    public bool ContinuesBelow(int layer) =>
        layer > FirstAffectedLayer || NeedsEmbedding || Wants(Layout.Blocks[layer].Ln1Weight) || Wants(Layout.Blocks[layer].Ln1Bias)
        || (Wants(Layout.PositionEmbedding) && Layout.Config.Positions == PositionalEmbedding.Shortformer);

    private static IEnumerable<ReductionBlock> Cut(Restriction restriction)
    {
        int position = 0;
        foreach (ParameterSegment segment in restriction.Segments)
        {
            for (int start = segment.Start; start < segment.End; start += BlockLength)
            {
                int length = Math.Min(BlockLength, segment.End - start);
                yield return new ReductionBlock(start, position, length);
                position += length;
            }
        }
    }

    private int IndexOf(ParameterTensor tensor)
    {
        IReadOnlyList<ParameterTensor> tensors = Layout.Tensors;
        for (int i = 0; i < tensors.Count; i++)
        {
            if (ReferenceEquals(tensors[i], tensor))
            {
                return i;
            }
        }

        throw new ArgumentException("The tensor belongs to another layout.", nameof(tensor));
    }

    private bool TouchesHead(BlockTensors block, int head) =>
        new[] { block.Query, block.Key, block.Value, block.Output, block.QueryBias, block.KeyBias, block.ValueBias }
            .Any(tensor => Restriction.TouchesSlice(tensor, head));

    private int FindFirstAffectedLayer()
    {
        if (Wants(Layout.TokenEmbedding) || Wants(Layout.PositionEmbedding))
        {
            return 0;
        }

        for (int layer = 0; layer < Layout.Blocks.Count; layer++)
        {
            BlockTensors block = Layout.Blocks[layer];
            if (block.Attention.Concat(block.Mlp).Concat(block.LayerNorms).Any(Wants))
            {
                return layer;
            }
        }

        return Layout.Blocks.Count;
    }
}
