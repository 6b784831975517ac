using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>
/// The attention of a block, forward and backward: queries, keys and values of the normed residual stream, softmax attention of every head
/// over the keys and values of its group, and W_O. n positions enter, of which m go on; A = heads·e, G = groups·e.
/// </summary>
internal sealed unsafe class AttentionPart(TransformerConfig config, Kernels kernels)
{
    /// <summary>Queries, keys and values of a block at all positions, of what <see cref="BlockActivations.Norm1"/> holds.</summary>
    public void Project(TransformerWeights weights, int layer, BlockActivations block, int n)
    {
        (BlockTensors tensors, PackedBlock packed) = (weights.Parameters.Layout.Blocks[layer], weights.Blocks[layer]);
        ParameterSet parameters = weights.Parameters;
        if (config.Positions == PositionalEmbedding.Shortformer)
        {
            RowCopy.All(block.Norm1(n), block.QueryKeyInput(n));
            AddPositions(parameters, block.QueryKeyInput(n));
        }

        MatrixView queryKey = config.QueryKeyNorm ? block.RawQueryKey(n) : block.QueryKey(n);
        if (config.JointProjection)
        {
            kernels.Multiply(block.Norm1(n), packed.QueryKey.Forward, block.QueryKeyValue(n), accumulate: false);
        }
        else
        {
            kernels.Multiply(block.QueryKeyInput(n), packed.QueryKey.Forward, queryKey, accumulate: false);
            kernels.Multiply(block.Norm1(n), packed.Value.Forward, block.Value(n), accumulate: false);
        }

        if (config.AttentionBiases)
        {
            // b_Q and b_K lie side by side in the layout, as the queries and keys do in the product.
            int length = config.AttentionWidth + config.KeyWidth;
            kernels.AddRow(parameters.Values.Slice(tensors.QueryBias.Offset, length), queryKey);
            kernels.AddRow(parameters[tensors.ValueBias], block.Value(n));
        }

        NormAndTurn(weights, layer, block, n);
    }

    /// <summary>
    /// From the products in <see cref="BlockActivations.RawQueryKey"/> to queries and keys as they meet in scores: through their norms and
    /// by the turns of their positions, where there are such.
    /// </summary>
    public void NormAndTurn(TransformerWeights weights, int layer, BlockActivations block, int n)
    {
        if (config.QueryKeyNorm)
        {
            NormHeads(weights, weights.Parameters.Layout.Blocks[layer], block, n);
        }

        if (weights.Rotary is { } rotary)
        {
            for (int place = 0; place < config.Heads + config.Groups; place++)
            {
                rotary.Turn(HeadColumns(block.QueryKey(n), place));
            }
        }
    }

    /// <summary>The mixed values of every head, in each sequence.</summary>
    public void Attend(int layer, BlockActivations block, BlockRows rows, Scratch scratch)
    {
        (int n, int length) = (rows.Count, rows.Length);
        for (int start = 0; start < n; start += length)
        {
            for (int head = 0; head < config.Heads; head++)
            {
                kernels.AttentionForward(
                    block.Query(head, n).RowRange(start, length),
                    block.Key(head, n).RowRange(start, length),
                    block.Value(head, n).RowRange(start, length),
                    config.AttentionScale(layer),
                    block.Z(head, n).RowRange(start, length),
                    block.LogSumExp(head, n).Slice(start, length),
                    scratch,
                    config.Span(layer)
                );
            }
        }
    }

    /// <summary>The mixed values at some positions, ascending: z is wanted × A.</summary>
    public void AttendAt(int layer, BlockActivations block, int n, ReadOnlySpan<int> positions, MatrixView z, Scratch scratch)
    {
        (int e, int wanted) = (config.HeadWidth, positions.Length);
        using Scratch.Frame frame = scratch.Enter();
        MatrixView query = frame.Matrix(wanted, config.AttentionWidth);
        Span<float> logSumExp = frame.Vector(wanted);
        RowCopy.Gather(block.QueryKey(n).ColumnRange(0, config.AttentionWidth), positions, query);
        for (int head = 0; head < config.Heads; head++)
        {
            kernels.AttentionForwardAt(
                query.ColumnRange(head * e, e),
                positions,
                block.Key(head, n),
                block.Value(head, n),
                config.AttentionScale(layer),
                z.ColumnRange(head * e, e),
                logSumExp,
                scratch,
                config.Span(layer)
            );
        }
    }

    /// <summary>output += z·W_O + b_O.</summary>
    public void AddOutput(TransformerWeights weights, int layer, MatrixView z, MatrixView output)
    {
        kernels.Multiply(z, weights.Blocks[layer].Output.Forward, output, accumulate: true);
        if (config.OutputBiases)
        {
            kernels.AddRow(weights.Parameters[weights.Parameters.Layout.Blocks[layer].OutputBias], output);
        }
    }

    /// <summary>x + W_pos, the input of queries and keys under shortformer positions, for the first rows of x.</summary>
    public void AddPositions(ParameterSet parameters, MatrixView x) =>
        kernels.Add(
            parameters[parameters.Layout.PositionEmbedding][..(x.Rows * config.ModelWidth)],
            new Span<float>(x.Data, x.Rows * x.Columns)
        );

    /// <summary>
    /// Adds the gradients that the plan asks for, given that of the block's output; the gradient of what
    /// <see cref="BlockActivations.Norm1"/> holds is added to <paramref name="norm"/>, or overwrites it, where it is needed.
    /// </summary>
    /// <param name="weights">The network.</param>
    /// <param name="plan">What is asked for.</param>
    /// <param name="layer">The block.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="block">What the forward pass has kept.</param>
    /// <param name="buffers">Working memory.</param>
    /// <param name="upstream">The gradient of the attention's output, m × d.</param>
    /// <param name="norm">Receives the gradient of the normed input, n × d; without rows if it is not needed.</param>
    /// <param name="accumulate">Whether it is added.</param>
    /// <param name="gradient">Receives the parameters' gradients; null if the plan asks for none.</param>
    /// <param name="scratch">The worker's scratch memory.</param>
    public void Backward(
        TransformerWeights weights,
        GradientPlan plan,
        int layer,
        BlockRows rows,
        BlockActivations block,
        AttentionGradients buffers,
        MatrixView upstream,
        MatrixView norm,
        bool accumulate,
        ParameterSet? gradient,
        Scratch scratch
    )
    {
        (BlockTensors tensors, PackedBlock packed) = (plan.Layout.Blocks[layer], weights.Blocks[layer]);
        bool below = norm.Rows > 0;
        if (plan.Wants(tensors.OutputBias))
        {
            kernels.AddColumnSums(upstream, gradient![tensors.OutputBias]);
        }

        ReadOnlySpan<int> heads = plan.Heads(layer);
        ReadOnlySpan<int> groups = plan.Groups(layer);
        bool norms = plan.Wants(tensors.QueryNorm) || plan.Wants(tensors.KeyNorm);
        if (!below && !norms && heads.IsEmpty && groups.IsEmpty)
        {
            return;
        }

        int n = rows.Count;
        if (rows.Stride > 1)
        {
            buffers.Z(n).Clear();
        }

        kernels.Multiply(upstream, packed.Output.Backward, rows.Every(buffers.Z(n)), accumulate: false);
        for (int group = 0; group < config.Groups; group++)
        {
            bool wholeGroup = below || norms || groups.Contains(group);
            BackwardGroup(weights, plan, layer, group, wholeGroup, rows, block, buffers, gradient, scratch);
            if (!config.JointProjection)
            {
                AddGroupGradients(plan, layer, group, rows, block, buffers, upstream, gradient, scratch);
            }
        }

        if (config.JointProjection)
        {
            AddJointGradients(plan, layer, rows, block, buffers, upstream, gradient, scratch);
        }

        if (!below)
        {
            return;
        }

        if (config.JointProjection)
        {
            kernels.Multiply(buffers.QueryKeyValue(n), packed.QueryKey.Backward, norm, accumulate);
            return;
        }

        kernels.Multiply(buffers.QueryKey(n), packed.QueryKey.Backward, norm, accumulate);
        if (config.Positions == PositionalEmbedding.Shortformer && plan.Wants(plan.Layout.PositionEmbedding))
        {
            AddPositionGradient(buffers.QueryKey(n), packed, plan, norm, accumulate, gradient!, scratch);
        }

        kernels.Multiply(buffers.Value(n), packed.Value.Backward, norm, accumulate: true);
    }

    /// <summary>The columns of one head's queries, or behind all heads of one group's keys, or behind those of its values.</summary>
    private MatrixView HeadColumns(MatrixView queryKey, int place) => queryKey.ColumnRange(place * config.HeadWidth, config.HeadWidth);

    private void NormHeads(TransformerWeights weights, BlockTensors tensors, BlockActivations block, int n)
    {
        for (int place = 0; place < config.Heads + config.Groups; place++)
        {
            NormPart
                .OfHeads(kernels, config)
                .Forward(
                    weights,
                    place < config.Heads ? tensors.QueryNorm : tensors.KeyNorm,
                    null,
                    HeadColumns(block.RawQueryKey(n), place),
                    HeadColumns(block.QueryKey(n), place),
                    block.QueryKeyMean(place, n),
                    block.QueryKeyInverseScale(place, n)
                );
        }
    }

    /// <summary>
    /// The gradients of queries, and of keys and values where all heads of the group are needed, back to the projections.
    /// </summary>
    private void BackwardGroup(
        TransformerWeights weights,
        GradientPlan plan,
        int layer,
        int group,
        bool whole,
        BlockRows rows,
        BlockActivations block,
        AttentionGradients buffers,
        ParameterSet? gradient,
        Scratch scratch
    )
    {
        using Scratch.Frame frame = scratch.Enter();
        (int n, int length, int e) = (rows.Count, rows.Length, config.HeadWidth);
        bool shares = config.HeadsPerGroup > 1;
        MatrixView key = shares ? frame.Matrix(n, e) : buffers.Key(group, n);
        MatrixView value = shares ? frame.Matrix(n, e) : buffers.Value(group, n);
        if (shares)
        {
            buffers.Key(group, n).Clear();
            buffers.Value(group, n).Clear();
        }

        bool any = false;
        int first = group * config.HeadsPerGroup;
        for (int head = first; head < first + config.HeadsPerGroup; head++)
        {
            if (!whole && !plan.Heads(layer).Contains(head))
            {
                continue;
            }

            any = true;
            for (int start = 0; start < n; start += length)
            {
                kernels.AttentionBackward(
                    block.Query(head, n).RowRange(start, length),
                    block.Key(head, n).RowRange(start, length),
                    block.Value(head, n).RowRange(start, length),
                    block.Z(head, n).RowRange(start, length),
                    block.LogSumExp(head, n).Slice(start, length),
                    config.AttentionScale(layer),
                    buffers.Z(n).ColumnRange(head * e, e).RowRange(start, length),
                    buffers.Query(head, n).RowRange(start, length),
                    key.RowRange(start, length),
                    value.RowRange(start, length),
                    scratch,
                    config.Span(layer)
                );
            }

            if (shares)
            {
                RowCopy.Add(kernels, key, buffers.Key(group, n));
                RowCopy.Add(kernels, value, buffers.Value(group, n));
            }

            ToProjection(weights, plan, layer, head, block, buffers.Query(head, n), gradient, scratch);
        }

        if (any)
        {
            ToProjection(weights, plan, layer, config.Heads + group, block, buffers.Key(group, n), gradient, scratch);
        }
    }

    /// <summary>Carries the gradient of turned and normed queries or keys back to the product that they are made of, in place.</summary>
    private void ToProjection(
        TransformerWeights weights,
        GradientPlan plan,
        int layer,
        int place,
        BlockActivations block,
        MatrixView dx,
        ParameterSet? gradient,
        Scratch scratch
    )
    {
        weights.Rotary?.TurnBack(dx);
        if (!config.QueryKeyNorm)
        {
            return;
        }

        BlockTensors tensors = plan.Layout.Blocks[layer];
        using Scratch.Frame frame = scratch.Enter();
        MatrixView dy = frame.Matrix(dx.Rows, dx.Columns);
        RowCopy.All(dx, dy);
        dx.Clear();
        NormPart
            .OfHeads(kernels, config)
            .Backward(
                weights,
                plan,
                place < config.Heads ? tensors.QueryNorm : tensors.KeyNorm,
                null,
                HeadColumns(block.RawQueryKey(dx.Rows), place),
                block.QueryKeyMean(place, dx.Rows),
                block.QueryKeyInverseScale(place, dx.Rows),
                dy,
                dx,
                gradient
            );
    }

    /// <summary>The weight gradients of a group's keys and values and of its heads, each by itself.</summary>
    private void AddGroupGradients(
        GradientPlan plan,
        int layer,
        int group,
        BlockRows rows,
        BlockActivations block,
        AttentionGradients buffers,
        MatrixView upstream,
        ParameterSet? gradient,
        Scratch scratch
    )
    {
        (int n, BlockTensors tensors) = (rows.Count, plan.Layout.Blocks[layer]);
        ReadOnlySpan<int> heads = plan.Heads(layer);
        int first = group * config.HeadsPerGroup;
        for (int head = first; head < first + config.HeadsPerGroup; head++)
        {
            if (heads.Contains(head))
            {
                MatrixView query = buffers.Query(head, n);
                MatrixView z = rows.Every(block.Z(head, n));
                kernels.MultiplyTransposed(block.QueryKeyInput(n), query, gradient!.Slice(tensors.Query, head), true, scratch);
                kernels.MultiplyTransposed(z, upstream, gradient.Slice(tensors.Output, head), true, scratch);
                AddBias(query, tensors.QueryBias, head, gradient);
            }
        }

        if (plan.Groups(layer).Contains(group))
        {
            (MatrixView key, MatrixView value) = (buffers.Key(group, n), buffers.Value(group, n));
            kernels.MultiplyTransposed(block.QueryKeyInput(n), key, gradient!.Slice(tensors.Key, group), true, scratch);
            kernels.MultiplyTransposed(block.Norm1(n), value, gradient.Slice(tensors.Value, group), true, scratch);
            AddBias(key, tensors.KeyBias, group, gradient);
            AddBias(value, tensors.ValueBias, group, gradient);
        }
    }

    /// <summary>The weight gradients of a block in two products for all heads, then each head's columns to its own slice.</summary>
    private void AddJointGradients(
        GradientPlan plan,
        int layer,
        BlockRows rows,
        BlockActivations block,
        AttentionGradients buffers,
        MatrixView upstream,
        ParameterSet? gradient,
        Scratch scratch
    )
    {
        (int n, BlockTensors tensors) = (rows.Count, plan.Layout.Blocks[layer]);
        if (plan.Wants(tensors.Output))
        {
            kernels.MultiplyTransposed(rows.Every(block.Z(n)), upstream, gradient!.Matrix(tensors.Output), true, scratch);
        }

        if (plan.Heads(layer).IsEmpty && plan.Groups(layer).IsEmpty)
        {
            return;
        }

        using Scratch.Frame frame = scratch.Enter();
        MatrixView dx = buffers.QueryKeyValue(n);
        MatrixView product = frame.Matrix(config.ModelWidth, dx.Columns);
        kernels.MultiplyTransposed(block.Norm1(n), dx, product, accumulate: false, scratch);
        foreach (int head in plan.Heads(layer))
        {
            AddSlice(head, tensors.Query, head, tensors.QueryBias);
        }

        foreach (int group in plan.Groups(layer))
        {
            AddSlice(config.Heads + group, tensors.Key, group, tensors.KeyBias);
            AddSlice(config.Heads + config.Groups + group, tensors.Value, group, tensors.ValueBias);
        }

        void AddSlice(int place, ParameterTensor weight, int slice, ParameterTensor bias)
        {
            RowCopy.Add(kernels, HeadColumns(product, place), gradient!.Slice(weight, slice));
            AddBias(HeadColumns(dx, place), bias, slice, gradient);
        }
    }

    private void AddBias(MatrixView dx, ParameterTensor bias, int slice, ParameterSet gradient)
    {
        if (bias.Length > 0)
        {
            kernels.AddColumnSums(dx, gradient.Row(bias, slice));
        }
    }

    /// <summary>The gradient of W_pos, which is that of the input of queries and keys.</summary>
    private void AddPositionGradient(
        MatrixView queryKey,
        PackedBlock packed,
        GradientPlan plan,
        MatrixView norm,
        bool accumulated,
        ParameterSet gradient,
        Scratch scratch
    )
    {
        using Scratch.Frame frame = scratch.Enter();
        MatrixView dx = norm;
        if (accumulated)
        {
            dx = frame.Matrix(norm.Rows, norm.Columns);
            kernels.Multiply(queryKey, packed.QueryKey.Backward, dx, accumulate: false);
        }

        int count = dx.Rows * dx.Columns;
        kernels.Add(new ReadOnlySpan<float>(dx.Data, count), gradient[plan.Layout.PositionEmbedding][..count]);
    }
}
