using Curie.Networks.Architecture;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Restricted;

/// <summary>The attention of one head over one row, forward and backward, without what the other heads of its layer do.</summary>
internal static class HeadPass
{
    /// <summary>q = x_q·W_Q + b_Q, k = x_k·W_K + b_K, v = x_v·W_V + b_V, z_i = Σ_{j≤i} softmax_j(q_i·k_j/√e)·v_j, with q and k turned where
    /// positions are rotary.</summary>
    public static void Forward(HeadSet heads, LoadedWeights point, HeadInput input, in HeadActivations activations, Scratch scratch)
    {
        (TransformerConfig config, Kernels kernels, PackedHead head) = (heads.Config, heads.Kernels, heads[point]);
        kernels.Multiply(input.Query, head.Query, activations.Query, accumulate: false);
        kernels.Multiply(input.Key, head.Key, activations.Key, accumulate: false);
        kernels.Multiply(input.Value, head.Value, activations.Value, accumulate: false);
        if (config.AttentionBiases)
        {
            kernels.AddRow(head.QueryBias, activations.Query);
            kernels.AddRow(head.KeyBias, activations.Key);
            kernels.AddRow(head.ValueBias, activations.Value);
        }

        if (heads.Network.Weights.Rotary is { } rotary)
        {
            rotary.Turn(activations.Query, input.Positions);
            rotary.Turn(activations.Key);
        }

        if (input.Positions.IsEmpty)
        {
            kernels.AttentionForward(
                activations.Query,
                activations.Key,
                activations.Value,
                config.AttentionScale(heads.Layer),
                activations.Mixed,
                activations.LogSumExp,
                scratch,
                config.Span(heads.Layer)
            );
        }
        else
        {
            kernels.AttentionForwardAt(
                activations.Query,
                input.Positions,
                activations.Key,
                activations.Value,
                config.AttentionScale(heads.Layer),
                activations.Mixed,
                activations.LogSumExp,
                scratch,
                config.Span(heads.Layer)
            );
        }
    }

    /// <summary>
    /// Adds the gradients of W_Q, W_K, W_V, b_Q, b_K, b_V to <paramref name="gradient"/>, given that of z (n × e); every position attends.
    /// W_O belongs to what z flows into and is left to the caller.
    /// </summary>
    public static void Backward(
        HeadSet heads,
        HeadInput input,
        in HeadActivations activations,
        MatrixView mixedGradient,
        HeadVector gradient,
        Scratch scratch
    )
    {
        (TransformerConfig config, Kernels kernels) = (heads.Config, heads.Kernels);
        (int n, int e) = (mixedGradient.Rows, mixedGradient.Columns);
        using Scratch.Frame frame = scratch.Enter();
        MatrixView query = frame.Matrix(n, e);
        MatrixView key = frame.Matrix(n, e);
        MatrixView value = frame.Matrix(n, e);
        kernels.AttentionBackward(
            activations.Query,
            activations.Key,
            activations.Value,
            activations.Mixed,
            activations.LogSumExp,
            config.AttentionScale(heads.Layer),
            mixedGradient,
            query,
            key,
            value,
            scratch,
            config.Span(heads.Layer)
        );
        if (heads.Network.Weights.Rotary is { } rotary)
        {
            rotary.TurnBack(query);
            rotary.TurnBack(key);
        }

        kernels.MultiplyTransposed(input.Query, query, gradient.Query, accumulate: true, scratch);
        kernels.MultiplyTransposed(input.Key, key, gradient.Key, accumulate: true, scratch);
        kernels.MultiplyTransposed(input.Value, value, gradient.Value, accumulate: true, scratch);
        if (config.AttentionBiases)
        {
            kernels.AddColumnSums(query, gradient.QueryBias);
            kernels.AddColumnSums(key, gradient.KeyBias);
            kernels.AddColumnSums(value, gradient.ValueBias);
        }
    }
}
