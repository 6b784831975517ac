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
    private readonly AttentionGradients _attention;
    private readonly AlignedBuffer<float> _residual;
    private readonly AlignedBuffer<float> _norm;
    private readonly AlignedBuffer<float> _hidden;
    private readonly AlignedBuffer<float> _upstream;

    public RowBackward(TransformerConfig config, Kernels kernels, RowPass row)
    {
        _config = config;
        _kernels = kernels;
        _row = row;
        long capacity = row.Capacity;
        Capacity = row.Capacity;
        _attention = new AttentionGradients(config, capacity);
        _residual = new AlignedBuffer<float>(capacity * config.ModelWidth);
        _norm = new AlignedBuffer<float>(capacity * config.ModelWidth);
        _hidden = new AlignedBuffer<float>(capacity * config.MlpWidth);
        _upstream = new AlignedBuffer<float>(config.Parallel ? capacity * config.ModelWidth : 0);
    }

    /// <summary>The positions that there is memory for.</summary>
    public int Capacity { get; }

    /// <summary>The gradient of the residual stream at the plan's start, after <see cref="Run"/>.</summary>
    public MatrixView Residual => new(_residual.Pointer, _row.Embedded, _config.ModelWidth);

    private MatrixView Norm => new(_norm.Pointer, _row.Embedded, _config.ModelWidth);

    private MatrixView Hidden => new(_hidden.Pointer, _row.Embedded, _config.MlpWidth);

    /// <summary>
    /// Losses of the row, and its gradients added to <paramref name="gradient"/>; call after the forward pass. A plan without parameters
    /// needs no gradient set.
    /// </summary>
    public void Run(TransformerWeights weights, GradientPlan plan, LossScale scale, Span<double> losses, ParameterSet? gradient)
    {
        BackwardReadout(weights, plan, scale, losses, gradient);
        for (int layer = _config.Layers - 1; layer >= plan.Start.Layer; layer--)
        {
            if (_config.Parallel)
            {
                BackwardParallel(weights, plan, layer, gradient);
                continue;
            }

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
        _attention.Dispose();
        _residual.Dispose();
        _norm.Dispose();
        _hidden.Dispose();
        _upstream.Dispose();
    }

    private static Span<float> Wanted(GradientPlan plan, ParameterTensor tensor, ParameterSet? gradient) =>
        plan.Wants(tensor) ? gradient![tensor] : [];

    private static MatrixView WantedMatrix(GradientPlan plan, ParameterTensor tensor, ParameterSet? gradient) =>
        plan.Wants(tensor) ? gradient!.Matrix(tensor) : default;

    private void BackwardReadout(
        TransformerWeights weights,
        GradientPlan plan,
        LossScale scale,
        Span<double> losses,
        ParameterSet? gradient
    )
    {
        ParameterLayout layout = weights.Parameters.Layout;
        int n = _row.Positions;
        bool needsInput = plan.ContinuesBelowFinalNorm || plan.Wants(layout.FinalNormWeight) || plan.Wants(layout.FinalNormBias);
        MatrixView dx = needsInput ? Norm.RowRange(0, n) : default;
        MatrixView matrix = WantedMatrix(plan, _config.TiedEmbeddings ? layout.TokenEmbedding : layout.Unembedding, gradient);
        Span<float> bias = Wanted(plan, layout.UnembeddingBias, gradient);
        _row.NormalizeFinal(weights, n);
        if (_row.Direction is { } direction)
        {
            _kernels.DivergenceBackward(
                _row.FinalNorm,
                weights.Unembed.Forward,
                weights.Unembed.Backward,
                weights.UnembeddingBias,
                _row.LogTarget(_row.AllPositions),
                direction,
                scale,
                losses[..n],
                dx,
                matrix,
                bias,
                _row.Scratch,
                _config.TiedEmbeddings
            );
        }
        else
        {
            _kernels.CrossEntropyBackward(
                _row.FinalNorm,
                weights.Unembed.Forward,
                weights.Unembed.Backward,
                weights.UnembeddingBias,
                _row.Targets,
                scale,
                losses[..n],
                dx,
                matrix,
                bias,
                _row.Scratch,
                _config.TiedEmbeddings
            );
        }

        if (!needsInput)
        {
            return;
        }

        // A last token that is embedded and predicts nothing has no gradient here.
        Residual.Clear();
        _row.Final.Backward(
            weights,
            plan,
            layout.FinalNormWeight,
            layout.FinalNormBias,
            _row.Residual(_config.Layers).RowRange(0, n),
            _row.FinalMean,
            _row.FinalInverseScale,
            dx,
            Residual.RowRange(0, n),
            gradient
        );
    }

    private void BackwardMlp(TransformerWeights weights, GradientPlan plan, int layer, ParameterSet? gradient)
    {
        int n = _row.Embedded;
        (BlockTensors tensors, BlockActivations block) = (plan.Layout.Blocks[layer], _row.Block(layer));
        bool below = plan.ContinuesBelowMlp(layer);
        bool needsNorm = below || plan.Wants(tensors.Ln2Weight) || plan.Wants(tensors.Ln2Bias);
        MatrixView norm = needsNorm ? Norm : default;
        _row.Mlp.Backward(weights, plan, layer, block, block.Norm2(n), Residual, Hidden, norm, gradient, _row.Scratch);
        if (needsNorm)
        {
            BackwardSecondNorm(weights, plan, tensors, block, block.Mid(n), below ? Residual : default, gradient);
        }
    }

    private void BackwardSecondNorm(
        TransformerWeights weights,
        GradientPlan plan,
        BlockTensors tensors,
        BlockActivations block,
        MatrixView x,
        MatrixView dx,
        ParameterSet? gradient
    ) =>
        _row.Norm.Backward(
            weights,
            plan,
            tensors.Ln2Weight,
            tensors.Ln2Bias,
            x,
            block.Mean2(x.Rows),
            block.InverseScale2(x.Rows),
            Norm,
            dx,
            gradient
        );

    private void BackwardFirstNorm(TransformerWeights weights, GradientPlan plan, int layer, ParameterSet? gradient)
    {
        (BlockTensors tensors, BlockActivations block) = (plan.Layout.Blocks[layer], _row.Block(layer));
        _row.Norm.Backward(
            weights,
            plan,
            tensors.Ln1Weight,
            tensors.Ln1Bias,
            _row.Residual(layer),
            block.Mean1(_row.Embedded),
            block.InverseScale1(_row.Embedded),
            Norm,
            Residual,
            gradient
        );
    }

    private void BackwardAttention(TransformerWeights weights, GradientPlan plan, int layer, ParameterSet? gradient)
    {
        bool below = plan.ContinuesBelow(layer);
        MatrixView norm = below ? Norm : default;
        _row.Attention.Backward(
            weights,
            plan,
            layer,
            _row.Block(layer),
            _attention,
            Residual,
            norm,
            accumulate: false,
            gradient,
            _row.Scratch
        );
        if (below)
        {
            BackwardFirstNorm(weights, plan, layer, gradient);
        }
    }

    /// <summary>
    /// A block whose attention and MLP both read its input: each adds to the gradient of that, from the same one of its output.
    /// </summary>
    private void BackwardParallel(TransformerWeights weights, GradientPlan plan, int layer, ParameterSet? gradient)
    {
        int n = _row.Embedded;
        (BlockTensors tensors, BlockActivations block) = (plan.Layout.Blocks[layer], _row.Block(layer));
        bool below = plan.ContinuesBelow(layer);
        MatrixView upstream = new(_upstream.Pointer, n, _config.ModelWidth);
        RowCopy.All(Residual, upstream);
        if (!_config.AttentionOnly)
        {
            bool needsNorm = below || plan.Wants(tensors.Ln2Weight) || plan.Wants(tensors.Ln2Bias);
            MatrixView norm = needsNorm ? Norm : default;
            _row.Mlp.Backward(weights, plan, layer, block, block.Norm2(n), upstream, Hidden, norm, gradient, _row.Scratch);
            if (needsNorm && _config.HasSecondNorm)
            {
                BackwardSecondNorm(weights, plan, tensors, block, _row.Residual(layer), below ? Residual : default, gradient);
            }
        }

        // With one norm for both, its gradient is the sum of the two.
        bool accumulate = below && !_config.AttentionOnly && !_config.HasSecondNorm;
        MatrixView first = below ? Norm : default;
        _row.Attention.Backward(weights, plan, layer, block, _attention, upstream, first, accumulate, gradient, _row.Scratch);
        if (below)
        {
            BackwardFirstNorm(weights, plan, layer, gradient);
        }
    }

    private void BackwardEmbedding(GradientPlan plan, ParameterSet? gradient)
    {
        if (plan.Wants(plan.Layout.TokenEmbedding))
        {
            _kernels.ScatterAdd(Residual, _row.Inputs, gradient!.Matrix(plan.Layout.TokenEmbedding));
        }

        if (_config.Positions == PositionalEmbedding.Standard && plan.Wants(plan.Layout.PositionEmbedding))
        {
            int count = Residual.Rows * Residual.Columns;
            _kernels.Add(new ReadOnlySpan<float>(Residual.Data, count), gradient![plan.Layout.PositionEmbedding][..count]);
        }
    }
}
