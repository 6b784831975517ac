using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;

namespace Curie.Networks.Components;

/// <summary>Which gradients a restriction needs, and how far down the network the backward pass must go for them.</summary>
public sealed class GradientPlan
{
    private const int BlockLength = 1 << 14;
    private readonly bool[] _wanted;
    private readonly int[][] _heads;
    private readonly int[][] _groups;
    private readonly ReductionBlock[] _blocks;
    private readonly bool _reachesStart;

    /// <summary>Plans the backward pass for a restriction.</summary>
    public GradientPlan(ParameterLayout layout, Restriction restriction)
        : this(layout, restriction, null) { }

    private GradientPlan(ParameterLayout layout, Restriction restriction, NetworkPoint? carryTo)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(restriction);
        Layout = layout;
        Restriction = restriction;
        _wanted = [.. layout.Tensors.Select(restriction.Touches)];
        _heads = [.. layout.Blocks.Select(block => Touched(block.OfHeads, layout.Config.Heads))];
        _groups = [.. layout.Blocks.Select(block => Touched(block.OfGroups, layout.Config.Groups))];
        Start = carryTo ?? FindStart();
        _reachesStart = carryTo is not null;
        _blocks = [.. Cut(restriction)];
        NeedsEmbedding =
            Wants(layout.TokenEmbedding) || (Wants(layout.PositionEmbedding) && layout.Config.Positions == PositionalEmbedding.Standard);
    }

    /// <summary>The layout of the parameters.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>The parameters whose gradient is computed.</summary>
    public Restriction Restriction { get; }

    /// <summary>The restriction in pieces of bounded length, in order.</summary>
    public ReadOnlySpan<ReductionBlock> Blocks => _blocks;

    /// <summary>
    /// The last point of the residual stream that does not depend on the restricted parameters: a constant while they vary. It enters the
    /// final norm when only that or the unembedding varies.
    /// </summary>
    public NetworkPoint Start { get; }

    /// <summary>Whether the gradient must reach the embeddings.</summary>
    public bool NeedsEmbedding { get; }

    /// <summary>Whether a tensor's gradient is computed.</summary>
    public bool Wants(ParameterTensor? tensor) => tensor is { Length: > 0 } && _wanted[IndexOf(tensor)];

    /// <summary>The heads of a layer whose slices' gradients are computed, ascending.</summary>
    public ReadOnlySpan<int> Heads(int layer) => _heads[layer];

    /// <summary>The key-value heads of a layer whose slices' gradients are computed, ascending.</summary>
    public ReadOnlySpan<int> Groups(int layer) => _groups[layer];

    /// <summary>
    /// The gradient of a point of the residual stream and of no parameter; a point after attention is named as the next block's input
    /// where there is no MLP.
    /// </summary>
    internal static GradientPlan To(ParameterLayout layout, NetworkPoint point) =>
        new(layout, new Restriction([]), point.In(layout.Config));

    /// <summary>Whether the gradient must be carried below the final layer norm.</summary>
    internal bool ContinuesBelowFinalNorm => Start.Layer < Layout.Blocks.Count || _reachesStart;

    /// <summary>Whether the gradient must be carried below the MLP of a layer.</summary>
    internal bool ContinuesBelowMlp(int layer) => layer > Start.Layer || !Start.AfterAttention || _reachesStart;

    /// <summary>Whether the gradient must be carried below the attention of a layer.</summary>
    public bool ContinuesBelow(int layer) =>
        layer > Start.Layer
        || _reachesStart
        || NeedsEmbedding
        || Wants(Layout.Blocks[layer].Ln1Weight)
        || Wants(Layout.Blocks[layer].Ln1Bias)
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

    private int[] Touched(IEnumerable<ParameterTensor> tensors, int slices) =>
        [.. Enumerable.Range(0, slices).Where(slice => tensors.Any(tensor => Restriction.TouchesSlice(tensor, slice)))];

    private NetworkPoint FindStart()
    {
        // Where every position sees all others nothing is frozen: a prefix holds the positions that predict, and the last one matters too.
        if (Wants(Layout.TokenEmbedding) || Wants(Layout.PositionEmbedding) || Layout.Config.Bidirectional)
        {
            return new NetworkPoint(0);
        }

        for (int layer = 0; layer < Layout.Blocks.Count; layer++)
        {
            BlockTensors block = Layout.Blocks[layer];
            if (block.Attention.Any(Wants) || Wants(block.Ln1Weight) || Wants(block.Ln1Bias))
            {
                return new NetworkPoint(layer);
            }

            if (block.Mlp.Any(Wants) || Wants(block.Ln2Weight) || Wants(block.Ln2Bias))
            {
                return new NetworkPoint(layer, AfterAttention: !Layout.Config.Parallel);
            }
        }

        return new NetworkPoint(Layout.Blocks.Count);
    }
}
