using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Regression;

/// <summary>
/// The backward pass of the sequences that a <see cref="RegressionPass"/> holds: gradients of scale·Σ (ŷ_k − y_k)² for the parameters that
/// a <see cref="GradientPlan"/> asks for, added to a gradient set. It stops at the lowest point that is asked for.
/// </summary>
internal sealed unsafe class RegressionBackward : IDisposable
{
    private readonly TransformerConfig _shape;
    private readonly Kernels _kernels;
    private readonly RegressionPass _pass;
    private readonly BlockStackBackward _stack;

    public RegressionBackward(TransformerConfig shape, Kernels kernels, RegressionPass pass)
    {
        _shape = shape;
        _kernels = kernels;
        _pass = pass;
        _stack = new BlockStackBackward(shape, kernels, pass.Stack);
    }

    /// <summary>Call after the forward pass. The sums run over the sequences of the pass.</summary>
    public void Run(TransformerWeights weights, RegressionBatch batch, int first, GradientPlan plan, float scale, ParameterSet gradient)
    {
        ParameterLayout layout = plan.Layout;
        using Scratch.Frame frame = _pass.Stack.Scratch.Enter();
        MatrixView errors = Errors(frame, batch, first, scale);
        AddProduct(plan, layout.Unembedding, _pass.Stack.FinalNorm(errors.Rows), errors, gradient);
        if (plan.Wants(layout.UnembeddingBias))
        {
            _kernels.AddColumnSums(errors, gradient[layout.UnembeddingBias]);
        }

        if (!BlockStackBackward.IsNeeded(plan))
        {
            return;
        }

        MatrixView readout = _stack.Readout(errors.Rows);
        _kernels.Multiply(errors, weights.Unembed.Backward, readout, accumulate: false);
        _stack.Run(weights, plan, readout, gradient);
        if (plan.NeedsEmbedding)
        {
            BackwardEmbedding(plan, gradient);
        }
    }

    public void Dispose() => _stack.Dispose();

    /// <summary>The gradient of all outputs, of which the predictions alone are compared with anything, n/2 × (D + 1).</summary>
    private MatrixView Errors(Scratch.Frame frame, RegressionBatch batch, int first, float scale)
    {
        MatrixView outputs = _pass.Outputs;
        MatrixView errors = frame.Matrix(outputs.Rows, outputs.Columns);
        errors.Clear();
        int examples = batch.Examples;
        for (int i = 0; i < outputs.Rows; i++)
        {
            errors.Row(i)[0] = 2 * scale * (outputs.Row(i)[0] - batch.Targets(first + (i / examples))[i % examples]);
        }

        return errors;
    }

    private void BackwardEmbedding(GradientPlan plan, ParameterSet gradient)
    {
        ParameterLayout layout = plan.Layout;
        MatrixView residual = _stack.Residual;
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
            _kernels.MultiplyTransposed(inputs, outputs, gradient.Matrix(tensor), accumulate: true, _pass.Stack.Scratch);
        }
    }
}
