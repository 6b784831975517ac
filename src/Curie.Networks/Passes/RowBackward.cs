using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>
/// The backward pass of the row that a <see cref="RowPass"/> holds: gradients of scale·Σ_t ℓ_t for the parameters that a
/// <see cref="GradientPlan"/> asks for, added to a gradient set. It stops at the lowest block that is asked for and computes no other
/// weight gradient.
/// </summary>
internal sealed unsafe class RowBackward : IDisposable
{
    private readonly TransformerConfig _config;
    private readonly Kernels _kernels;
    private readonly RowPass _row;
    private readonly AlignedBuffer<float> _residual;
    private readonly AlignedBuffer<float> _norm;
    private readonly AlignedBuffer<float> _queryKey;
    private readonly AlignedBuffer<float> _value;
    private readonly AlignedBuffer<float> _z;
    private readonly AlignedBuffer<float> _hidden;

    public RowBackward(TransformerConfig config, Kernels kernels, RowPass row)
    {
        _config = config;
        _kernels = kernels;
        _row = row;
        long capacity = config.ContextLength - 1;
        _residual = new AlignedBuffer<float>(capacity * config.ModelWidth);
        _norm = new AlignedBuffer<float>(capacity * config.ModelWidth);
        _queryKey = new AlignedBuffer<float>(capacity * 2 * config.AttentionWidth);
        _value = new AlignedBuffer<float>(capacity * config.AttentionWidth);
        _z = new AlignedBuffer<float>(capacity * config.AttentionWidth);
        _hidden = new AlignedBuffer<float>(capacity * config.MlpWidth);
    }

    /// <summary>The gradient of the residual stream at the plan's start, after <see cref="Run"/>.</summary>
    public MatrixView Residual => new(_residual.Pointer, _row.Positions, _config.ModelWidth);

    private MatrixView Norm => new(_norm.Pointer, _row.Positions, _config.ModelWidth);

    private MatrixView QueryKey => new(_queryKey.Pointer, _row.Positions, 2 * _config.AttentionWidth);

    private MatrixView Value => new(_value.Pointer, _row.Positions, _config.AttentionWidth);

    private MatrixView Z => new(_z.Pointer, _row.Positions, _config.AttentionWidth);

    private MatrixView Hidden => new(_hidden.Pointer, _row.Positions, _config.MlpWidth);

    /// <summary>
    /// Losses of the row, and its gradients added to <paramref name="gradient"/>; call after the forward pass. A plan without parameters
    /// needs
    /// no gradient set.
    /// </summary>
    public void Run(TransformerWeights weights, GradientPlan plan, LossScale scale, Span<double> losses, ParameterSet? gradient)
    {
        BackwardHead(weights, plan, scale, losses, gradient);
        for (int layer = _config.Layers - 1; layer >= plan.Start.Layer; layer--)
        {
            if (!_config.AttentionOnly)
            {
                BackwardMlp(weights, plan, layer, gradient);
            }

            if (layer > plan.Start.Layer || !plan.Start.AfterAttention)
            {
                BackwardAttention(weights, plan, layer, gradient);
            }
        }

        if (plan.NeedsEmbedding)
        {
            BackwardEmbedding(plan, gradient);
        }
    }

    public void Dispose()
    {
        _residual.Dispose();
        _norm.Dispose();
        _queryKey.Dispose();
        _value.Dispose();
        _z.Dispose();
        _hidden.Dispose();
    }

    private static Span<float> Wanted(GradientPlan plan, ParameterTensor? tensor, ParameterSet? gradient) =>
        plan.Wants(tensor) ? gradient![tensor!] : [];

    private static MatrixView WantedMatrix(GradientPlan plan, ParameterTensor tensor, ParameterSet? gradient) =>
        plan.Wants(tensor) ? gradient!.Matrix(tensor) : default;

    private void BackwardHead(TransformerWeights weights, GradientPlan plan, LossScale scale, Span<double> losses, ParameterSet? gradient)
    {
        ParameterSet parameters = weights.Parameters;
        ParameterLayout layout = parameters.Layout;
        bool needsInput = plan.ContinuesBelowFinalNorm || plan.Wants(layout.FinalNormWeight) || plan.Wants(layout.FinalNormBias);
        _row.NormalizeFinal(parameters);
        if (_row.Direction is { } direction)
        {
            _kernels.DivergenceBackward(
                _row.FinalNorm,
                weights.Unembed.Forward,
                weights.Unembed.Backward,
                parameters[layout.UnembeddingBias],
                _row.LogTarget(_row.AllPositions),
                direction,
                scale,
                losses[.._row.Positions],
                needsInput ? Norm : default,
                WantedMatrix(plan, layout.Unembedding, gradient),
                Wanted(plan, layout.UnembeddingBias, gradient),
                _row.Scratch
            );
        }
        else
        {
            _kernels.CrossEntropyBackward(
                _row.FinalNorm,
                weights.Unembed.Forward,
                weights.Unembed.Backward,
                parameters[layout.UnembeddingBias],
                _row.Targets,
                scale,
                losses[.._row.Positions],
                needsInput ? Norm : default,
                WantedMatrix(plan, layout.Unembedding, gradient),
                Wanted(plan, layout.UnembeddingBias, gradient),
                _row.Scratch
            );
        }
        if (!needsInput)
        {
            return;
        }

        Residual.Clear();
        _kernels.LayerNormBackward(
            _row.Residual(_config.Layers),
            parameters[layout.FinalNormWeight],
            _row.FinalMean,
            _row.FinalInverseScale,
            Norm,
            Residual,
            Wanted(plan, layout.FinalNormWeight, gradient),
            Wanted(plan, layout.FinalNormBias, gradient)
        );
    }

    private void BackwardMlp(TransformerWeights weights, GradientPlan plan, int layer, ParameterSet? gradient)
    {
        int n = _row.Positions;
        (BlockTensors tensors, PackedBlock packed, BlockActivations block) = (
            plan.Layout.Blocks[layer],
            weights.Blocks[layer],
            _row.Block(layer)
        );
        if (plan.Wants(tensors.MlpOut))
        {
            _kernels.MultiplyTransposed(block.Active(n), Residual, gradient!.Matrix(tensors.MlpOut!), accumulate: true, _row.Scratch);
        }

        if (plan.Wants(tensors.MlpOutBias))
        {
            _kernels.AddColumnSums(Residual, gradient![tensors.MlpOutBias!]);
        }

        _kernels.Multiply(Residual, packed.MlpOut!.Backward, Hidden, accumulate: false);
        _kernels.ActivationBackward(_config.Activation, block.Hidden(n), Hidden, Hidden);
        if (plan.Wants(tensors.MlpIn))
        {
            _kernels.MultiplyTransposed(block.Norm2(n), Hidden, gradient!.Matrix(tensors.MlpIn!), accumulate: true, _row.Scratch);
        }

        if (plan.Wants(tensors.MlpInBias))
        {
            _kernels.AddColumnSums(Hidden, gradient![tensors.MlpInBias!]);
        }

        bool below = plan.ContinuesBelowMlp(layer);
        if (!below && !plan.Wants(tensors.Ln2Weight) && !plan.Wants(tensors.Ln2Bias))
        {
            return;
        }

        _kernels.Multiply(Hidden, packed.MlpIn!.Backward, Norm, accumulate: false);
        _kernels.LayerNormBackward(
            block.Mid(n),
            weights.Parameters[tensors.Ln2Weight!],
            block.Mean2(n),
            block.InverseScale2(n),
            Norm,
            below ? Residual : default,
            Wanted(plan, tensors.Ln2Weight, gradient),
            Wanted(plan, tensors.Ln2Bias, gradient)
        );
    }

    private void BackwardAttention(TransformerWeights weights, GradientPlan plan, int layer, ParameterSet? gradient)
    {
        int n = _row.Positions;
        (BlockTensors tensors, PackedBlock packed, BlockActivations block) = (
            plan.Layout.Blocks[layer],
            weights.Blocks[layer],
            _row.Block(layer)
        );
        if (plan.Wants(tensors.OutputBias))
        {
            _kernels.AddColumnSums(Residual, gradient![tensors.OutputBias]);
        }

        bool below = plan.ContinuesBelow(layer);
        ReadOnlySpan<int> wanted = plan.Heads(layer);
        if (!below && wanted.IsEmpty)
        {
            return;
        }

        _kernels.Multiply(Residual, packed.Output.Backward, Z, accumulate: false);
        for (int head = 0, next = 0; head < _config.Heads; head++)
        {
            bool wants = next < wanted.Length && wanted[next] == head;
            next += wants ? 1 : 0;
            if (wants || below)
            {
                BackwardScores(block, head);
            }

            if (wants)
            {
                HeadGradients(tensors, block, head, gradient!);
            }
        }

        if (below)
        {
            BackwardInput(weights.Parameters, plan, layer, tensors, packed, block, gradient);
        }
    }

    private void BackwardScores(BlockActivations block, int head)
    {
        (int n, int e) = (_row.Positions, _config.HeadWidth);
        _kernels.AttentionBackward(
            block.Query(head, n),
            block.Key(head, n),
            block.Value(head, n),
            block.Z(head, n),
            block.LogSumExp(head, n),
            _config.AttentionScale,
            Z.ColumnRange(head * e, e),
            QueryKey.ColumnRange(head * e, e),
            QueryKey.ColumnRange((_config.Heads + head) * e, e),
            Value.ColumnRange(head * e, e),
            _row.Scratch
        );
    }

    private void HeadGradients(BlockTensors tensors, BlockActivations block, int head, ParameterSet gradient)
    {
        (int n, int e) = (_row.Positions, _config.HeadWidth);
        MatrixView query = QueryKey.ColumnRange(head * e, e);
        MatrixView key = QueryKey.ColumnRange((_config.Heads + head) * e, e);
        MatrixView value = Value.ColumnRange(head * e, e);
        Scratch scratch = _row.Scratch;
        _kernels.MultiplyTransposed(block.QueryKeyInput(n), query, gradient.Slice(tensors.Query, head), accumulate: true, scratch);
        _kernels.MultiplyTransposed(block.QueryKeyInput(n), key, gradient.Slice(tensors.Key, head), accumulate: true, scratch);
        _kernels.MultiplyTransposed(block.Norm1(n), value, gradient.Slice(tensors.Value, head), accumulate: true, scratch);
        _kernels.MultiplyTransposed(block.Z(head, n), Residual, gradient.Slice(tensors.Output, head), accumulate: true, scratch);
        _kernels.AddColumnSums(query, gradient.Row(tensors.QueryBias, head));
        _kernels.AddColumnSums(key, gradient.Row(tensors.KeyBias, head));
        _kernels.AddColumnSums(value, gradient.Row(tensors.ValueBias, head));
    }

    /// <summary>Carries the gradient through the queries, keys and values and LN1 into the residual stream.</summary>
    private void BackwardInput(
        ParameterSet parameters,
        GradientPlan plan,
        int layer,
        BlockTensors tensors,
        PackedBlock packed,
        BlockActivations block,
        ParameterSet? gradient
    )
    {
        int n = _row.Positions;
        _kernels.Multiply(QueryKey, packed.QueryKey.Backward, Norm, accumulate: false);
        if (_config.Positions == PositionalEmbedding.Shortformer)
        {
            AddPositionGradient(plan, Norm, gradient);
        }

        _kernels.Multiply(Value, packed.Value.Backward, Norm, accumulate: true);
        _kernels.LayerNormBackward(
            _row.Residual(layer),
            parameters[tensors.Ln1Weight],
            block.Mean1(n),
            block.InverseScale1(n),
            Norm,
            Residual,
            Wanted(plan, tensors.Ln1Weight, gradient),
            Wanted(plan, tensors.Ln1Bias, gradient)
        );
    }

    private void BackwardEmbedding(GradientPlan plan, ParameterSet? gradient)
    {
        if (plan.Wants(plan.Layout.TokenEmbedding))
        {
            _kernels.ScatterAdd(Residual, _row.Inputs, gradient!.Matrix(plan.Layout.TokenEmbedding));
        }

        if (_config.Positions == PositionalEmbedding.Standard)
        {
            AddPositionGradient(plan, Residual, gradient);
        }
    }

    private void AddPositionGradient(GradientPlan plan, MatrixView dx, ParameterSet? gradient)
    {
        if (plan.Wants(plan.Layout.PositionEmbedding))
        {
            int count = dx.Rows * dx.Columns;
            _kernels.Add(new ReadOnlySpan<float>(dx.Data, count), gradient![plan.Layout.PositionEmbedding][..count]);
        }
    }
}
