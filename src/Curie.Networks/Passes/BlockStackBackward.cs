using System.Diagnostics.CodeAnalysis;
using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>
/// The backward pass of the rows that a <see cref="BlockStack"/> holds, from the final norm down to the lowest point that a
/// <see cref="GradientPlan"/> asks for; it computes no other weight gradient.
/// </summary>
internal sealed unsafe class BlockStackBackward : IDisposable
{
    private readonly TransformerConfig _config;
    private readonly Kernels _kernels;
    private readonly BlockStack _stack;
    private AttentionGradients _attention;
    private AlignedBuffer<float> _residual;
    private AlignedBuffer<float> _norm;
    private AlignedBuffer<float> _hidden;
    private AlignedBuffer<float> _upstream;
    private AlignedBuffer<float> _skipped;
    private int _capacity;

    public BlockStackBackward(TransformerConfig config, Kernels kernels, BlockStack stack)
    {
        _config = config;
        _kernels = kernels;
        _stack = stack;
        Reserve();
    }

    /// <summary>The gradient of the residual stream at the plan's start, after <see cref="Run"/>.</summary>
    public MatrixView Residual => Matrix(_residual, _stack.Count);

    /// <summary>Whether anything that is asked for stands below the readout.</summary>
    public static bool IsNeeded(GradientPlan plan) =>
        plan.ContinuesBelowFinalNorm || plan.Wants(plan.Layout.FinalNormWeight) || plan.Wants(plan.Layout.FinalNormBias);

    /// <summary>Room for the gradient of the final norm's output at the first so many rows that are read out.</summary>
    public MatrixView Readout(int rows)
    {
        if (_capacity < _stack.Capacity)
        {
            Dispose();
            Reserve();
        }

        return Matrix(_norm, rows);
    }

    /// <summary>Adds the gradients that the plan asks for. Rows that are read out behind those given have no gradient.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="plan">What is asked for.</param>
    /// <param name="readout">The gradient of the final norm's output, in what <see cref="Readout"/> gave.</param>
    /// <param name="gradient">Receives the parameters' gradients; null if the plan asks for none.</param>
    public void Run(TransformerWeights weights, GradientPlan plan, MatrixView readout, ParameterSet? gradient)
    {
        BackwardFinalNorm(weights, plan, readout, gradient);
        for (int layer = _config.Layers - 1; layer >= plan.Start.Layer; layer--)
        {
            if (_config.Parallel)
            {
                BackwardParallel(weights, plan, layer, gradient);
                continue;
            }

            if (_config.DoubleResidual)
            {
                int m = _stack.Rows(layer).Behind;
                RowCopy.All(Matrix(_residual, m), Matrix(_skipped, m));
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
    }

    public void Dispose()
    {
        _attention.Dispose();
        _residual.Dispose();
        _norm.Dispose();
        _hidden.Dispose();
        _upstream.Dispose();
        _skipped.Dispose();
    }

    [MemberNotNull(nameof(_attention), nameof(_residual), nameof(_norm), nameof(_hidden), nameof(_upstream), nameof(_skipped))]
    private void Reserve()
    {
        _capacity = _stack.Capacity;
        long width = (long)_capacity * _config.ModelWidth;
        bool copies = _config.Parallel || _stack.Rows(_config.Layers - 1).Stride > 1;
        _attention = new AttentionGradients(_config, _capacity);
        _residual = new AlignedBuffer<float>(width);
        _norm = new AlignedBuffer<float>(width);
        _hidden = new AlignedBuffer<float>((long)_capacity * _config.MlpWidth);
        _upstream = new AlignedBuffer<float>(copies ? width : 0);
        _skipped = new AlignedBuffer<float>(_config.DoubleResidual ? width : 0);
    }

    private MatrixView Matrix(AlignedBuffer<float> buffer, int rows) => new(buffer.Pointer, rows, _config.ModelWidth);

    private MatrixView Hidden(int rows) => new(_hidden.Pointer, rows, _config.MlpWidth);

    private void BackwardFinalNorm(TransformerWeights weights, GradientPlan plan, MatrixView readout, ParameterSet? gradient)
    {
        ParameterLayout layout = weights.Parameters.Layout;
        int n = readout.Rows;
        MatrixView top = _stack.Residual(_config.Layers);
        Matrix(_residual, top.Rows).Clear();
        _stack.Final.Backward(
            weights,
            plan,
            layout.FinalNormWeight,
            layout.FinalNormBias,
            top.RowRange(0, n),
            _stack.FinalMean(n),
            _stack.FinalInverseScale(n),
            readout,
            Matrix(_residual, n),
            gradient
        );
    }

    private void BackwardMlp(TransformerWeights weights, GradientPlan plan, int layer, ParameterSet? gradient)
    {
        int n = _stack.Rows(layer).Behind;
        (BlockTensors tensors, BlockActivations block) = (plan.Layout.Blocks[layer], _stack.Block(layer));
        MatrixView residual = Matrix(_residual, n);
        bool below = plan.ContinuesBelowMlp(layer);
        bool needsNorm = below || plan.Wants(tensors.Ln2Weight) || plan.Wants(tensors.Ln2Bias);
        MatrixView norm = needsNorm ? Matrix(_norm, n) : default;
        _stack.Mlp.Backward(weights, plan, layer, block, block.Norm2(n), residual, Hidden(n), norm, gradient, _stack.Scratch);
        if (needsNorm)
        {
            BackwardSecondNorm(weights, plan, layer, block.Mid(n), below ? residual : default, gradient);
        }
    }

    private void BackwardSecondNorm(
        TransformerWeights weights,
        GradientPlan plan,
        int layer,
        MatrixView x,
        MatrixView dx,
        ParameterSet? gradient
    )
    {
        (BlockTensors tensors, BlockActivations block) = (plan.Layout.Blocks[layer], _stack.Block(layer));
        _stack.Norm.Backward(
            weights,
            plan,
            tensors.Ln2Weight,
            tensors.Ln2Bias,
            x,
            block.Mean2(x.Rows),
            block.InverseScale2(x.Rows),
            Matrix(_norm, x.Rows),
            dx,
            gradient
        );
    }

    private void BackwardFirstNorm(TransformerWeights weights, GradientPlan plan, int layer, ParameterSet? gradient)
    {
        (int n, BlockTensors tensors, BlockActivations block) = (_stack.Count, plan.Layout.Blocks[layer], _stack.Block(layer));
        _stack.Norm.Backward(
            weights,
            plan,
            tensors.Ln1Weight,
            tensors.Ln1Bias,
            _stack.Residual(layer),
            block.Mean1(n),
            block.InverseScale1(n),
            Matrix(_norm, n),
            Residual,
            gradient
        );
    }

    private void BackwardAttention(TransformerWeights weights, GradientPlan plan, int layer, ParameterSet? gradient)
    {
        BlockRows rows = _stack.Rows(layer);
        bool below = plan.ContinuesBelow(layer);
        MatrixView norm = below ? Matrix(_norm, rows.Count) : default;
        MatrixView upstream = Matrix(_residual, rows.Behind);
        if (rows.Stride > 1)
        {
            upstream = Matrix(_upstream, rows.Behind);
            RowCopy.All(Matrix(_residual, rows.Behind), upstream);
        }

        _stack.Attention.Backward(
            weights,
            plan,
            layer,
            rows,
            _stack.Block(layer),
            _attention,
            upstream,
            norm,
            accumulate: false,
            gradient,
            _stack.Scratch
        );
        if (!below)
        {
            return;
        }

        if (rows.Stride > 1)
        {
            Residual.Clear();
            RowCopy.All(upstream, rows.Every(Residual));
        }

        if (_config.DoubleResidual)
        {
            RowCopy.Add(_kernels, Matrix(_skipped, rows.Behind), rows.Every(Residual));
        }

        BackwardFirstNorm(weights, plan, layer, gradient);
    }

    /// <summary>
    /// A block whose attention and MLP both read its input: each adds to the gradient of that, from the same one of its output.
    /// </summary>
    private void BackwardParallel(TransformerWeights weights, GradientPlan plan, int layer, ParameterSet? gradient)
    {
        int n = _stack.Count;
        (BlockTensors tensors, BlockActivations block) = (plan.Layout.Blocks[layer], _stack.Block(layer));
        bool below = plan.ContinuesBelow(layer);
        MatrixView upstream = Matrix(_upstream, n);
        RowCopy.All(Residual, upstream);
        if (!_config.AttentionOnly)
        {
            bool needsNorm = below || plan.Wants(tensors.Ln2Weight) || plan.Wants(tensors.Ln2Bias);
            MatrixView norm = needsNorm ? Matrix(_norm, n) : default;
            _stack.Mlp.Backward(weights, plan, layer, block, block.Norm2(n), upstream, Hidden(n), norm, gradient, _stack.Scratch);
            if (needsNorm && _config.HasSecondNorm)
            {
                BackwardSecondNorm(weights, plan, layer, _stack.Residual(layer), below ? Residual : default, gradient);
            }
        }

        // With one norm for both, its gradient is the sum of the two.
        bool accumulate = below && !_config.AttentionOnly && !_config.HasSecondNorm;
        MatrixView first = below ? Matrix(_norm, n) : default;
        _stack.Attention.Backward(
            weights,
            plan,
            layer,
            _stack.Rows(layer),
            block,
            _attention,
            upstream,
            first,
            accumulate,
            gradient,
            _stack.Scratch
        );
        if (below)
        {
            BackwardFirstNorm(weights, plan, layer, gradient);
        }
    }
}
