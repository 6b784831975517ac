using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Regression;

/// <summary>
/// The backward pass of the sequences that a <see cref="RegressionPass"/> holds: gradients of scale·Σ (ŷ_k − y_k)² for the parameters that
/// a
/// <see cref="GradientPlan"/> asks for, added to a gradient set. It stops at the lowest point that is asked for.
/// </summary>
internal sealed unsafe class RegressionBackward : IDisposable
{
    private readonly TransformerConfig _shape;
    private readonly Kernels _kernels;
    private readonly bool _double;
    private readonly RegressionPass _pass;
    private readonly AlignedBuffer<float> _buffer;
    private readonly int _capacity;

    public RegressionBackward(RegressionModel model, Kernels kernels, RegressionPass pass)
    {
        _shape = model.Parameters.Layout.Config;
        _kernels = kernels;
        _double = model.Architecture.DoubleResidual;
        _pass = pass;
        _capacity = pass.Sequences * _shape.ContextLength;
        _buffer = new AlignedBuffer<float>(
            (long)_capacity * ((4 * _shape.ModelWidth) + (4 * _shape.AttentionWidth) + _shape.MlpWidth + _shape.Vocabulary)
        );
    }

    private int D => _shape.ModelWidth;

    private int A => _shape.AttentionWidth;

    /// <summary>Call after the forward pass. The sums run over the sequences of the pass.</summary>
    public void Run(RegressionWeights weights, RegressionBatch batch, int first, GradientPlan plan, float scale, ParameterSet gradient)
    {
        int n = _pass.Positions;
        MatrixView upper = Take(0, n / 2, D);
        MatrixView lower = Take(D, n, D);
        BackwardOutput(weights, batch, first, plan, scale, upper, gradient);
        for (int layer = _shape.Layers - 1; layer >= plan.Start.Layer; layer--)
        {
            MatrixView skipped = Take(2 * D, upper.Rows, D);
            RowCopy.All(upper, skipped);
            BackwardMlp(weights, plan, layer, upper, gradient);
            if (layer == plan.Start.Layer && plan.Start.AfterAttention)
            {
                return;
            }

            BackwardAttention(weights, plan, layer, upper, skipped, lower, gradient);
            (upper, lower) = (lower, new MatrixView(upper.Data, n, D));
        }

        if (plan.NeedsEmbedding)
        {
            BackwardEmbedding(plan, upper, gradient);
        }
    }

    public void Dispose() => _buffer.Dispose();

    private static Span<float> Wanted(GradientPlan plan, ParameterTensor tensor, ParameterSet gradient) =>
        plan.Wants(tensor) ? gradient[tensor] : [];

    private MatrixView Take(int columnsBefore, int rows, int columns) =>
        new(_buffer.Pointer + ((long)_capacity * columnsBefore), rows, columns);

    private void BackwardOutput(
        RegressionWeights weights,
        RegressionBatch batch,
        int first,
        GradientPlan plan,
        float scale,
        MatrixView residual,
        ParameterSet gradient
    )
    {
        ParameterSet parameters = weights.Parameters;
        ParameterLayout layout = parameters.Layout;
        MatrixView outputs = _pass.Outputs;
        MatrixView errors = Take((4 * D) + (4 * A) + _shape.MlpWidth, outputs.Rows, _shape.Vocabulary);
        errors.Clear();
        int examples = batch.Examples;
        for (int i = 0; i < outputs.Rows; i++)
        {
            errors.Row(i)[0] = 2 * scale * (outputs.Row(i)[0] - batch.Targets(first + (i / examples))[i % examples]);
        }

        AddProduct(plan, layout.Unembedding, _pass.FinalNorm, errors, gradient);
        AddBias(plan, layout.UnembeddingBias, errors, gradient);
        MatrixView norm = Take(3 * D, outputs.Rows, D);
        _kernels.Multiply(errors, weights.Unembed.Backward, norm, accumulate: false);
        residual.Clear();
        _kernels.NormBackward(
            _pass.Residual(_shape.Layers),
            parameters[layout.FinalNormWeight],
            _pass.FinalMean,
            _pass.FinalInverseScale,
            norm,
            residual,
            Wanted(plan, layout.FinalNormWeight, gradient),
            Wanted(plan, layout.FinalNormBias, gradient)
        );
    }

    /// <summary>Turns the gradient of a block's output into that of x + attention, but for the double residual's part.</summary>
    private void BackwardMlp(RegressionWeights weights, GradientPlan plan, int layer, MatrixView residual, ParameterSet gradient)
    {
        ParameterSet parameters = weights.Parameters;
        (BlockTensors tensors, RegressionPackedBlock packed, RegressionBlock block) = (
            plan.Layout.Blocks[layer],
            weights.Blocks[layer],
            _pass.Block(layer)
        );
        int m = residual.Rows;
        MatrixView hidden = Take((4 * D) + (4 * A), m, _shape.MlpWidth);
        MatrixView norm = Take(3 * D, m, D);
        AddProduct(plan, tensors.MlpOut!, block.Active.RowRange(0, m), residual, gradient);
        AddBias(plan, tensors.MlpOutBias!, residual, gradient);
        _kernels.Multiply(residual, packed.MlpOut.Backward, hidden, accumulate: false);
        _kernels.ActivationBackward(_shape.Activation, block.Hidden.RowRange(0, m), hidden, hidden);
        AddProduct(plan, tensors.MlpIn!, block.Norm2.RowRange(0, m), hidden, gradient);
        AddBias(plan, tensors.MlpInBias!, hidden, gradient);
        _kernels.Multiply(hidden, packed.MlpIn.Backward, norm, accumulate: false);
        _kernels.NormBackward(
            block.Mid.RowRange(0, m),
            parameters[tensors.Ln2Weight!],
            block.Statistics2.Row(0)[..m],
            block.Statistics2.Row(1)[..m],
            norm,
            residual,
            Wanted(plan, tensors.Ln2Weight!, gradient),
            Wanted(plan, tensors.Ln2Bias!, gradient)
        );
    }

    /// <summary>Turns the gradient of x + attention into that of x.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="plan">What is wanted.</param>
    /// <param name="layer">The block.</param>
    /// <param name="mid">The gradient of x + attention, m × d.</param>
    /// <param name="output">The gradient of the block's output, m × d.</param>
    /// <param name="input">Receives the gradient of x, n × d.</param>
    /// <param name="gradient">Receives the parameters' gradients.</param>
    private void BackwardAttention(
        RegressionWeights weights,
        GradientPlan plan,
        int layer,
        MatrixView mid,
        MatrixView output,
        MatrixView input,
        ParameterSet gradient
    )
    {
        ParameterSet parameters = weights.Parameters;
        (BlockTensors tensors, RegressionPackedBlock packed, RegressionBlock block) = (
            plan.Layout.Blocks[layer],
            weights.Blocks[layer],
            _pass.Block(layer)
        );
        int n = _pass.Positions;
        MatrixView z = block.Z.RowRange(0, n);
        MatrixView mixed = Take((4 * D) + (3 * A), n, A);
        AddProduct(plan, tensors.Output, RegressionPass.Every(z, block.Stride), mid, gradient);
        if (block.Stride > 1)
        {
            mixed.Clear();
            input.Clear();
        }

        _kernels.Multiply(mid, packed.Output.Backward, RegressionPass.Every(mixed, block.Stride), accumulate: false);
        MatrixView all = Take(4 * D, n, 3 * A);
        BackwardHeads(block, z, mixed, all);
        AddHeads(plan, layer, block.Norm1.RowRange(0, n), all, gradient);
        if (!plan.ContinuesBelow(layer))
        {
            return;
        }

        RowCopy.All(mid, RegressionPass.Every(input, block.Stride));
        if (_double)
        {
            RowCopy.Add(_kernels, output, RegressionPass.Every(input, block.Stride));
        }

        MatrixView norm = Take(3 * D, n, D);
        _kernels.Multiply(all, packed.QueryKeyValue.Backward, norm, accumulate: false);
        _kernels.NormBackward(
            _pass.Residual(layer),
            parameters[tensors.Ln1Weight],
            block.Statistics1.Row(0)[..n],
            block.Statistics1.Row(1)[..n],
            norm,
            input,
            Wanted(plan, tensors.Ln1Weight, gradient),
            Wanted(plan, tensors.Ln1Bias, gradient)
        );
    }

    private void BackwardHeads(RegressionBlock block, MatrixView z, MatrixView mixed, MatrixView all)
    {
        MatrixView values = block.QueryKeyValue;
        int length = _shape.ContextLength;
        for (int s = 0; s < _pass.Count; s++)
        {
            for (int head = 0; head < _shape.Heads; head++)
            {
                _kernels.AttentionBackward(
                    _pass.HeadPart(values, s, head, 0),
                    _pass.HeadPart(values, s, head, 1),
                    _pass.HeadPart(values, s, head, 2),
                    _pass.HeadPart(z, s, head, 0),
                    block.LogSumExp.Row(head).Slice(s * length, length),
                    _shape.AttentionScale(0),
                    _pass.HeadPart(mixed, s, head, 0),
                    _pass.HeadPart(all, s, head, 0),
                    _pass.HeadPart(all, s, head, 1),
                    _pass.HeadPart(all, s, head, 2),
                    _pass.Scratch
                );
            }
        }
    }

    /// <summary>The gradients of W_Q, W_K and W_V: one product for all heads, then each head's columns to its own slice.</summary>
    private void AddHeads(GradientPlan plan, int layer, MatrixView norm, MatrixView all, ParameterSet gradient)
    {
        BlockTensors tensors = plan.Layout.Blocks[layer];
        ReadOnlySpan<int> heads = plan.Heads(layer);
        if (heads.IsEmpty)
        {
            return;
        }

        using Scratch.Frame frame = _pass.Scratch.Enter();
        MatrixView product = frame.Matrix(D, 3 * A);
        _kernels.MultiplyTransposed(norm, all, product, accumulate: false, _pass.Scratch);
        for (int part = 0; part < 3; part++)
        {
            ParameterTensor tensor =
                part == 0 ? tensors.Query
                : part == 1 ? tensors.Key
                : tensors.Value;
            foreach (int head in heads)
            {
                int column = ((part * _shape.Heads) + head) * _shape.HeadWidth;
                RowCopy.Add(_kernels, product.ColumnRange(column, _shape.HeadWidth), gradient.Slice(tensor, head));
            }
        }
    }

    private void BackwardEmbedding(GradientPlan plan, MatrixView residual, ParameterSet gradient)
    {
        ParameterLayout layout = plan.Layout;
        AddProduct(plan, layout.TokenEmbedding, _pass.Tokens, residual, gradient);
        if (plan.Wants(layout.PositionEmbedding))
        {
            Span<float> sums = gradient[layout.PositionEmbedding];
            for (int s = 0; s < _pass.Count; s++)
            {
                _kernels.Add(new ReadOnlySpan<float>(residual.RowPointer(s * _shape.ContextLength), sums.Length), sums);
            }
        }
    }

    private void AddProduct(GradientPlan plan, ParameterTensor tensor, MatrixView inputs, MatrixView outputs, ParameterSet gradient)
    {
        if (plan.Wants(tensor))
        {
            _kernels.MultiplyTransposed(inputs, outputs, gradient.Matrix(tensor), accumulate: true, _pass.Scratch);
        }
    }

    private void AddBias(GradientPlan plan, ParameterTensor tensor, MatrixView outputs, ParameterSet gradient)
    {
        if (plan.Wants(tensor))
        {
            _kernels.AddColumnSums(outputs, gradient[tensor]);
        }
    }
}
