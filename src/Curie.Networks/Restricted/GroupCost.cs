using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;

namespace Curie.Networks.Restricted;

/// <summary>
/// What a group of components costs: floating-point operations per predicted token (a multiply-add counts as two; attention, the causal
/// half of its two products), and bytes. <c>Shared</c> parts are paid once however many components and chains are evaluated together.
/// </summary>
/// <remarks>
/// Only products are counted. With d, e, A = heads·e, m, V the widths and T the tokens of a row:
/// <code>
/// all heads of a block   4·d·(A + G) + 2·A·(T + 1)      a component    4·d·(u + e) + 2·u·(T + 1)
/// MLP                    4·d·m, gated 6·d·m             unembedding    2·d·V, in u dimensions 2·u·V
/// </code>
/// with G the width of all keys, A where every head has its own, and u that of the queries that share a key, e in that case.
/// A backward pass costs the forward pass again for activations (attention: 2.5 times, since probabilities are made again) and once
/// more for weight gradients where they are wanted.
/// </remarks>
public sealed record GroupCost
{
    /// <summary>How many weight vectors of each component are evaluated together (<see cref="IRestrictedGroup.Slots"/>).</summary>
    public required int Slots { get; init; }

    /// <summary>Operations of token losses, once for all weight vectors, where nothing is kept from draw to draw.</summary>
    public required double LossShared { get; init; }

    /// <summary>Operations of token losses at each weight vector.</summary>
    public required double LossEach { get; init; }

    /// <summary>Operations of a minibatch gradient, once for all components.</summary>
    public required double GradientShared { get; init; }

    /// <summary>Operations of a minibatch gradient at each weight vector.</summary>
    public required double GradientEach { get; init; }

    /// <summary>Bytes that a group holds once.</summary>
    public required long BytesShared { get; init; }

    /// <summary>Bytes that a group holds for each of its components.</summary>
    public required long BytesEach { get; init; }

    /// <summary>Bytes of frozen activations that a group can keep for every position, once.</summary>
    public required long FrozenShared { get; init; }

    /// <summary>Bytes of frozen activations that a group can keep for every position of each of its components.</summary>
    public required long FrozenEach { get; init; }

    /// <summary>The cost of components that <see cref="RestrictedGroups.Partition"/> puts together.</summary>
    /// <param name="layout">The model.</param>
    /// <param name="component">One of the components; the others cost the same.</param>
    /// <param name="slots">How many weight vectors of each are evaluated together.</param>
    /// <param name="workers">The threads.</param>
    /// <param name="target">The model from whose distribution losses are divergences; null for losses of the next token.</param>
    /// <param name="gradientSlots">How many of the weight vectors are asked for gradients together.</param>
    /// <param name="rowLength">The tokens T of a row; 0 for the model's context.</param>
    public static GroupCost Of(
        ParameterLayout layout,
        Component component,
        int slots,
        int workers,
        TransformerConfig? target = null,
        int gradientSlots = 1,
        int rowLength = 0
    )
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(component);
        TransformerConfig config = rowLength == 0 ? layout.Config : layout.Config with { ContextLength = rowLength };
        if (target is null)
        {
            return OfTokens(layout, config, component, slots, workers, gradientSlots);
        }

        // The frozen model runs once for a row, whatever is evaluated at it.
        target = target with { ContextLength = config.ContextLength };
        double whole = (target.Layers * Block(target)) + Unembedding(target);
        GroupCost cost = HeadPlace.Find(layout, component.Restriction) is { } place
            ? EarlierHead(config, place.Layer, slots, workers, gradientSlots)
            : OfTokens(layout, config, component, slots, workers, gradientSlots);
        return cost with { LossShared = cost.LossShared + whole, GradientShared = cost.GradientShared + whole };
    }

    private static GroupCost OfTokens(
        ParameterLayout layout,
        TransformerConfig config,
        Component component,
        int slots,
        int workers,
        int gradientSlots
    )
    {
        if (HeadPlace.Find(layout, component.Restriction) is not { } place)
        {
            return Plain(layout, config, component, new GradientPlan(layout, component.Restriction));
        }

        return place.IsLowRank(config)
            ? LastHead(config, slots, workers, gradientSlots)
            : EarlierHead(config, place.Layer, slots, workers, gradientSlots);
    }

    private static double Attention(TransformerConfig config) => 2.0 * config.AttentionWidth * (config.ContextLength + 1);

    private static double HeadAttention(TransformerConfig config) => 2.0 * config.GroupWidth * (config.ContextLength + 1);

    private static double Projections(TransformerConfig config) => 4.0 * config.ModelWidth * (config.AttentionWidth + config.KeyWidth);

    private static double HeadProjections(TransformerConfig config) => 4.0 * config.ModelWidth * (config.GroupWidth + config.HeadWidth);

    /// <summary>W_O of a component, from its mixed values to the residual stream.</summary>
    private static double HeadOutput(TransformerConfig config) => 2.0 * config.ModelWidth * config.GroupWidth;

    private static double Mlp(TransformerConfig config) => (config.GatedMlp ? 6.0 : 4.0) * config.ModelWidth * config.MlpWidth;

    /// <summary>The MLP of the heads' own block, where it follows their attention.</summary>
    private static double FollowingMlp(TransformerConfig config) => config.Parallel ? 0 : Mlp(config);

    private static double Block(TransformerConfig config) => Projections(config) + Attention(config) + Mlp(config);

    private static double Unembedding(TransformerConfig config) => 2.0 * config.ModelWidth * config.Logits;

    /// <summary>
    /// A component's heads forward, and forward and backward with the gradients of their weights: W_O is also multiplied by the mixed
    /// values at w*, and by the gradient of the residual stream.
    /// </summary>
    private static double HeadForward(TransformerConfig config) => HeadProjections(config) + HeadAttention(config);

    private static double HeadBoth(TransformerConfig config) =>
        (2 * (HeadProjections(config) + HeadOutput(config))) + (3.5 * HeadAttention(config));

    /// <summary>The weights of a component, biases not counted.</summary>
    private static long HeadLength(TransformerConfig config) => 2L * config.ModelWidth * (config.GroupWidth + config.HeadWidth);

    /// <summary>The same where they are packed, W_O both ways.</summary>
    private static long PackedLength(TransformerConfig config) => HeadLength(config) + ((long)config.ModelWidth * config.GroupWidth);

    /// <summary>How many matrices as wide as a component's queries a pass over a row needs at most.</summary>
    private static long Activations(TransformerConfig config) => config.QueryKeyNorm ? 14 : 10;

    private static GroupCost LastHead(TransformerConfig config, int slots, int workers, int gradientSlots)
    {
        double lowRank = 2.0 * config.GroupWidth * config.Logits;
        double shared = (config.Layers * Block(config)) + Unembedding(config);
        long positions = config.ContextLength - 1;
        long mixing = (long)config.GroupWidth * config.Logits;
        return new GroupCost
        {
            Slots = slots,
            LossShared = shared,
            LossEach = HeadForward(config) + lowRank + (lowRank / slots),
            GradientShared = shared,
            GradientEach = HeadBoth(config) + (4 * lowRank),
            BytesShared = Floats((workers * 3L * LastLayerHeadLosses.BlockPositions * config.Logits) + mixing),
            BytesEach = Floats(
                ((slots + 1L) * (PackedLength(config) + mixing))
                    + (gradientSlots * (mixing + (TransformerEvaluator.MaxShards * (HeadLength(config) + mixing))))
                    + (workers * positions * config.GroupWidth * (slots + Activations(config)))
            ),
            FrozenShared = Floats((2L * config.ModelWidth) + config.Logits),
            FrozenEach = Floats(config.GroupWidth),
        };
    }

    private static GroupCost EarlierHead(TransformerConfig config, int layer, int slots, int workers, int gradientSlots)
    {
        int later = config.Layers - 1 - layer;
        double forward = FollowingMlp(config) + (later * Block(config)) + Unembedding(config);
        double backward =
            FollowingMlp(config) + (later * (Projections(config) + (2.5 * Attention(config)) + Mlp(config))) + Unembedding(config);
        long positions = config.ContextLength - 1;

        // Without an MLP in between, losses make the next layer's queries, keys and values from the frozen part and a term of rank u.
        bool isFolded = NextAttention.Follows(config, layer);
        long projected = isFolded ? config.ProjectionWidth : 0;
        double whole = 2.0 * config.ModelWidth * projected;
        double folded = 2.0 * config.GroupWidth * projected;
        return new GroupCost
        {
            Slots = slots,
            LossShared = ((layer + 1) * Block(config)) - FollowingMlp(config) + whole,
            LossEach = HeadForward(config) + forward - whole + folded + (folded / slots),
            GradientShared = ((layer + 1) * Block(config)) - FollowingMlp(config),
            GradientEach = HeadBoth(config) + forward + backward,
            BytesShared = Floats(workers * positions * ((3L * config.ModelWidth) + (2 * projected))),
            BytesEach = Floats(
                ((slots + 1L) * (PackedLength(config) + (config.GroupWidth * projected)))
                    + (gradientSlots * TransformerEvaluator.MaxShards * HeadLength(config))
                    + (workers * positions * config.GroupWidth * Activations(config))
            ),
            FrozenShared = Floats(2L * config.ModelWidth),
            FrozenEach = Floats(config.GroupWidth),
        };
    }

    private static GroupCost Plain(ParameterLayout layout, TransformerConfig config, Component component, GradientPlan plan)
    {
        NetworkPoint start = plan.Start;
        int layers = config.Layers - start.Layer;
        int attentions = start.AfterAttention ? layers - 1 : layers;
        double forward = (attentions * (Projections(config) + Attention(config))) + (layers * Mlp(config)) + Unembedding(config);
        double shared = (config.Layers * Block(config)) + Unembedding(config) - forward;
        double weights = 2.0 * component.Restriction.Segments.Sum(segment => segment.Length - Looked(segment, layout));
        double readout = BlockStackBackward.IsNeeded(plan) ? Unembedding(config) : 0;
        double backward = (attentions * (Projections(config) + (2.5 * Attention(config)))) + (layers * Mlp(config)) + readout + weights;
        long parameters = layout.Length;
        return new GroupCost
        {
            Slots = 1,
            LossShared = shared,
            LossEach = forward,
            GradientShared = shared,
            GradientEach = forward + backward,
            BytesShared = 0,

            // The component's own copy of the network, packed forward and backward, and the gradient's shards.
            BytesEach = Floats((3 + TransformerEvaluator.MaxShards) * parameters),
            FrozenShared = shared == 0 ? 0 : Floats(config.ModelWidth),
            FrozenEach = 0,
        };
    }

    /// <summary>How many parameters of a segment are looked up rather than multiplied.</summary>
    private static double Looked(ParameterSegment segment, ParameterLayout layout) =>
        (layout.Config.TiedEmbeddings ? 0 : Overlap(segment, layout.TokenEmbedding)) + Overlap(segment, layout.PositionEmbedding);

    private static double Overlap(ParameterSegment segment, ParameterTensor tensor) =>
        Math.Max(0, Math.Min(segment.End, tensor.Offset + tensor.Length) - Math.Max(segment.Start, tensor.Offset));

    private static long Floats(long count) => count * sizeof(float);
}
