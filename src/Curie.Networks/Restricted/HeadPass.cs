using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Restricted;

/// <summary>
/// The attention over one row of a key-value head and the query heads that read it, forward and backward, without what the other heads of
/// the layer do.
/// </summary>
internal static class HeadPass
{
    /// <summary>q = x_q·W_Q + b_Q of every query head, k = x_k·W_K + b_K, v = x_v·W_V + b_V, z_i = Σ_{j≤i} softmax_j(q_i·k_j/√e)·v_j,
    /// with q and k normed where they have norms, and turned where positions are rotary.</summary>
    public static void Forward(HeadSet heads, LoadedWeights point, HeadInput input, in HeadActivations activations, Scratch scratch)
    {
        (TransformerConfig config, Kernels kernels, PackedHead head) = (heads.Config, heads.Kernels, heads[point]);
        kernels.Multiply(input.Query, head.Query, activations.RawQuery, accumulate: false);
        kernels.Multiply(input.Key, head.Key, activations.RawKey, accumulate: false);
        kernels.Multiply(input.Value, head.Value, activations.Value, accumulate: false);
        if (config.AttentionBiases)
        {
            kernels.AddRow(head.QueryBias, activations.RawQuery);
            kernels.AddRow(head.KeyBias, activations.RawKey);
            kernels.AddRow(head.ValueBias, activations.Value);
        }

        if (config.QueryKeyNorm)
        {
            Norm(heads, activations);
        }

        if (heads.Network.Weights.Rotary is { } rotary)
        {
            for (int i = 0; i < config.HeadsPerGroup; i++)
            {
                rotary.Turn(Columns(activations.Query, i, config), input.Positions);
            }

            rotary.Turn(activations.Key);
        }

        for (int i = 0; i < config.HeadsPerGroup; i++)
        {
            Attend(heads, i, input.Positions, activations, scratch);
        }
    }

    /// <summary>
    /// Adds the gradients of W_Q, W_K, W_V, b_Q, b_K, b_V to <paramref name="gradient"/>, given that of z (n × u); every position attends.
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
        int n = mixedGradient.Rows;
        using Scratch.Frame frame = scratch.Enter();
        MatrixView query = frame.Matrix(n, config.GroupWidth);
        MatrixView key = frame.Matrix(n, config.HeadWidth);
        MatrixView value = frame.Matrix(n, config.HeadWidth);
        AttendBackward(heads, activations, mixedGradient, query, key, value, scratch);
        ToProjection(heads, activations, query, key, scratch);
        for (int i = 0; i < config.HeadsPerGroup; i++)
        {
            kernels.MultiplyTransposed(input.Query, Columns(query, i, config), gradient.Query(i), accumulate: true, scratch);
        }

        kernels.MultiplyTransposed(input.Key, key, gradient.Key, accumulate: true, scratch);
        kernels.MultiplyTransposed(input.Value, value, gradient.Value, accumulate: true, scratch);
        if (config.AttentionBiases)
        {
            kernels.AddColumnSums(query, gradient.QueryBias);
            kernels.AddColumnSums(key, gradient.KeyBias);
            kernels.AddColumnSums(value, gradient.ValueBias);
        }
    }

    /// <summary>The columns of one query head.</summary>
    private static MatrixView Columns(MatrixView x, int head, TransformerConfig config) =>
        x.ColumnRange(head * config.HeadWidth, config.HeadWidth);

    private static BlockTensors Tensors(HeadSet heads) => heads.Network.Layout.Blocks[heads.Layer];

    private static void Norm(HeadSet heads, in HeadActivations activations)
    {
        (TransformerConfig config, TransformerWeights weights) = (heads.Config, heads.Network.Weights);
        NormPart norm = NormPart.OfHeads(heads.Kernels, config);
        for (int i = 0; i < config.HeadsPerGroup; i++)
        {
            norm.Forward(
                weights,
                Tensors(heads).QueryNorm,
                null,
                Columns(activations.RawQuery, i, config),
                Columns(activations.Query, i, config),
                activations.QueryMean(i),
                activations.QueryInverseScale(i)
            );
        }

        norm.Forward(
            weights,
            Tensors(heads).KeyNorm,
            null,
            activations.RawKey,
            activations.Key,
            activations.KeyMean(),
            activations.KeyInverseScale()
        );
    }

    private static void Attend(HeadSet heads, int head, ReadOnlySpan<int> positions, in HeadActivations activations, Scratch scratch)
    {
        (TransformerConfig config, Kernels kernels) = (heads.Config, heads.Kernels);
        if (positions.IsEmpty)
        {
            kernels.AttentionForward(
                Columns(activations.Query, head, config),
                activations.Key,
                activations.Value,
                config.AttentionScale(heads.Layer),
                Columns(activations.Mixed, head, config),
                activations.LogSumExp(head),
                scratch,
                config.Span(heads.Layer)
            );
        }
        else
        {
            kernels.AttentionForwardAt(
                Columns(activations.Query, head, config),
                positions,
                activations.Key,
                activations.Value,
                config.AttentionScale(heads.Layer),
                Columns(activations.Mixed, head, config),
                activations.LogSumExp(head),
                scratch,
                config.Span(heads.Layer)
            );
        }
    }

    /// <summary>The gradients of q, k and v as they meet in attention; those of k and v are sums over the query heads.</summary>
    private static void AttendBackward(
        HeadSet heads,
        in HeadActivations activations,
        MatrixView mixedGradient,
        MatrixView query,
        MatrixView key,
        MatrixView value,
        Scratch scratch
    )
    {
        (TransformerConfig config, Kernels kernels) = (heads.Config, heads.Kernels);
        using Scratch.Frame frame = scratch.Enter();
        (MatrixView ownKey, MatrixView ownValue) = (key, value);
        for (int i = 0; i < config.HeadsPerGroup; i++)
        {
            if (i == 1)
            {
                ownKey = frame.Matrix(key.Rows, key.Columns);
                ownValue = frame.Matrix(value.Rows, value.Columns);
            }

            kernels.AttentionBackward(
                Columns(activations.Query, i, config),
                activations.Key,
                activations.Value,
                Columns(activations.Mixed, i, config),
                activations.LogSumExp(i),
                config.AttentionScale(heads.Layer),
                Columns(mixedGradient, i, config),
                Columns(query, i, config),
                ownKey,
                ownValue,
                scratch,
                config.Span(heads.Layer)
            );
            if (i > 0)
            {
                RowCopy.Add(kernels, ownKey, key);
                RowCopy.Add(kernels, ownValue, value);
            }
        }
    }

    /// <summary>Carries the gradients of turned and normed queries and keys back to the products that they are made of, in place.</summary>
    private static void ToProjection(HeadSet heads, in HeadActivations activations, MatrixView query, MatrixView key, Scratch scratch)
    {
        (TransformerConfig config, BlockTensors tensors) = (heads.Config, Tensors(heads));
        if (heads.Network.Weights.Rotary is { } rotary)
        {
            for (int i = 0; i < config.HeadsPerGroup; i++)
            {
                rotary.TurnBack(Columns(query, i, config));
            }

            rotary.TurnBack(key);
        }

        if (!config.QueryKeyNorm)
        {
            return;
        }

        for (int i = 0; i < config.HeadsPerGroup; i++)
        {
            NormBackward(
                heads,
                tensors.QueryNorm,
                Columns(activations.RawQuery, i, config),
                activations.QueryMean(i),
                activations.QueryInverseScale(i),
                Columns(query, i, config),
                scratch
            );
        }

        NormBackward(heads, tensors.KeyNorm, activations.RawKey, activations.KeyMean(), activations.KeyInverseScale(), key, scratch);
    }

    private static void NormBackward(
        HeadSet heads,
        ParameterTensor weight,
        MatrixView raw,
        ReadOnlySpan<float> mean,
        ReadOnlySpan<float> inverseScale,
        MatrixView dx,
        Scratch scratch
    )
    {
        using Scratch.Frame frame = scratch.Enter();
        MatrixView dy = frame.Matrix(dx.Rows, dx.Columns);
        RowCopy.All(dx, dy);
        dx.Clear();
        NormPart
            .OfHeads(heads.Kernels, heads.Config)
            .Backward(heads.Network.Weights, heads.Plan, weight, null, raw, mean, inverseScale, dy, dx, null);
    }
}
