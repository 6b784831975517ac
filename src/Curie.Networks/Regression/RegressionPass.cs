using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Regression;

/// <summary>
/// Some sequences of vectors at a time, all their positions in one matrix product each: x_0 = tokens·W_E + W_pos, the blocks and the final
/// norm of a <see cref="BlockStack"/>, ŷ_k = (norm(x)·W_U + b_U)_0 at the token of x_k, and the losses (ŷ_k − y_k)². The memory of one
/// worker.
/// </summary>
internal sealed unsafe class RegressionPass : IBatchPass
{
    /// <summary>Every second token is an input, at which the network is read out.</summary>
    private const int OutputStride = 2;

    private readonly TransformerConfig _config;
    private readonly Kernels _kernels;
    private readonly AlignedBuffer<float> _tokens;
    private readonly AlignedBuffer<float> _outputs;
    private BlockStackBackward? _backward;
    private RegressionBatch? _batch;
    private int _first;
    private int _count;

    public RegressionPass(TransformerConfig config, Kernels kernels)
    {
        _config = config;
        _kernels = kernels;
        int n = Together * config.ContextLength;
        Stack = new BlockStack(config, kernels, OutputStride);
        _tokens = new AlignedBuffer<float>((long)n * config.Vocabulary);
        _outputs = new AlignedBuffer<float>((long)n / OutputStride * config.Logits);
    }

    /// <summary>So many that their activations stay in a core's cache.</summary>
    public int Together => 16;

    /// <inheritdoc/>
    public BlockStack Stack { get; }

    /// <summary>All outputs at the inputs' tokens, n/2 × (D + 1), after the losses; column 0 holds the predictions.</summary>
    public MatrixView Outputs => new(_outputs.Pointer, Stack.Count / OutputStride, _config.Logits);

    /// <summary>The tokens, n × (D + 1).</summary>
    private MatrixView Tokens => new(_tokens.Pointer, Stack.Count, _config.Vocabulary);

    /// <inheritdoc/>
    public void Begin(IBatch batch, int first, int count)
    {
        (int tokens, int dimension) = (_config.ContextLength, _config.Vocabulary - 1);
        if (batch is not RegressionBatch sequences || OutputStride * sequences.Examples != tokens || sequences.Dimension != dimension)
        {
            throw new ArgumentException($"This network reads {tokens / OutputStride} examples of {dimension} numbers.", nameof(batch));
        }

        (_batch, _first, _count) = (sequences, first, count);
        Stack.Begin(count * tokens, tokens);
    }

    /// <inheritdoc/>
    public void Forward(TransformerWeights weights, NetworkPoint from)
    {
        if (from == default)
        {
            Embed(weights);
        }

        Stack.Forward(weights, from, new NetworkPoint(_config.Layers));
    }

    /// <inheritdoc/>
    public void Losses(TransformerWeights weights, Span<double> losses)
    {
        MatrixView outputs = Outputs;
        Stack.NormalizeFinal(weights, outputs.Rows);
        _kernels.Multiply(Stack.FinalNorm(outputs.Rows), weights.Unembed.Forward, outputs, accumulate: false);
        _kernels.AddRow(weights.UnembeddingBias, outputs);
        for (int s = 0, i = 0; s < _count; s++)
        {
            foreach (float target in _batch!.Targets(_first + s))
            {
                double error = (double)outputs.RowPointer(i)[0] - target;
                losses[i++] = error * error;
            }
        }
    }

    /// <inheritdoc/>
    public void Backward(TransformerWeights weights, GradientPlan plan, LossScale scale, Span<double> losses, ParameterSet? gradient)
    {
        Losses(weights, losses);
        ParameterLayout layout = plan.Layout;
        using Scratch.Frame frame = Stack.Scratch.Enter();
        MatrixView errors = Errors(frame, scale);
        AddProduct(plan, layout.Unembedding, Stack.FinalNorm(errors.Rows), errors, gradient);
        if (plan.Wants(layout.UnembeddingBias))
        {
            _kernels.AddColumnSums(errors, gradient![layout.UnembeddingBias]);
        }

        if (!BlockStackBackward.IsNeeded(plan))
        {
            return;
        }

        _backward ??= new BlockStackBackward(_config, _kernels, Stack);
        MatrixView readout = _backward.Readout(errors.Rows);
        _kernels.Multiply(errors, weights.Unembed.Backward, readout, accumulate: false);
        _backward.Run(weights, plan, readout, gradient);
        if (plan.NeedsEmbedding)
        {
            BackwardEmbedding(plan, _backward.Residual, gradient);
        }
    }

    public void Dispose()
    {
        Stack.Dispose();
        _backward?.Dispose();
        _tokens.Dispose();
        _outputs.Dispose();
    }

    private void Embed(TransformerWeights weights)
    {
        _batch!.CopyTokens(_first, _count, Tokens);
        MatrixView residual = Stack.Residual(0);
        ReadOnlySpan<float> positions = weights.Parameters[weights.Parameters.Layout.PositionEmbedding];
        for (int s = 0; s < _count; s++)
        {
            positions.CopyTo(new Span<float>(residual.RowPointer(s * _config.ContextLength), positions.Length));
        }

        _kernels.Multiply(Tokens, weights.Embed!.Forward, residual, accumulate: true);
    }

    /// <summary>The gradient of all outputs, of which the predictions alone are compared with anything, n/2 × (D + 1).</summary>
    private MatrixView Errors(Scratch.Frame frame, LossScale scale)
    {
        MatrixView outputs = Outputs;
        MatrixView errors = frame.Matrix(outputs.Rows, outputs.Columns);
        errors.Clear();
        for (int s = 0, i = 0; s < _count; s++)
        {
            foreach (float target in _batch!.Targets(_first + s))
            {
                errors.RowPointer(i)[0] = 2 * scale[i] * (outputs.RowPointer(i)[0] - target);
                i++;
            }
        }

        return errors;
    }

    private void BackwardEmbedding(GradientPlan plan, MatrixView residual, ParameterSet? gradient)
    {
        ParameterLayout layout = plan.Layout;
        AddProduct(plan, layout.TokenEmbedding, Tokens, residual, gradient);
        if (plan.Wants(layout.PositionEmbedding))
        {
            Span<float> sums = gradient![layout.PositionEmbedding];
            for (int s = 0; s < _count; s++)
            {
                _kernels.Add(new ReadOnlySpan<float>(residual.RowPointer(s * _config.ContextLength), sums.Length), sums);
            }
        }
    }

    private void AddProduct(GradientPlan plan, ParameterTensor tensor, MatrixView inputs, MatrixView outputs, ParameterSet? gradient)
    {
        if (plan.Wants(tensor))
        {
            _kernels.MultiplyTransposed(inputs, outputs, gradient!.Matrix(tensor), accumulate: true, Stack.Scratch);
        }
    }
}
