using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Regression;

/// <summary>
/// The forward pass of some sequences at a time, all their positions in one matrix product each: x_0 = tokens·W_E + W_pos, the blocks and
/// the final norm of a <see cref="BlockStack"/>, and ŷ_k = (norm(x)·W_U + b_U)_0 at the token of x_k. The memory of one worker.
/// </summary>
internal sealed unsafe class RegressionPass : IDisposable
{
    /// <summary>Every second token is an input, at which the network is read out.</summary>
    private const int OutputStride = 2;

    private readonly TransformerConfig _shape;
    private readonly Kernels _kernels;
    private readonly AlignedBuffer<float> _tokens;
    private readonly AlignedBuffer<float> _outputs;

    public RegressionPass(TransformerConfig shape, Kernels kernels, int sequences)
    {
        _shape = shape;
        _kernels = kernels;
        int n = sequences * shape.ContextLength;
        Stack = new BlockStack(shape, kernels, OutputStride);
        _tokens = new AlignedBuffer<float>((long)n * shape.Vocabulary);
        _outputs = new AlignedBuffer<float>((long)n / OutputStride * shape.Logits);
    }

    /// <summary>Blocks and final norm.</summary>
    public BlockStack Stack { get; }

    /// <summary>How many sequences are there.</summary>
    public int Count { get; private set; }

    /// <summary>The tokens, n × (D + 1).</summary>
    public MatrixView Tokens => new(_tokens.Pointer, Count * _shape.ContextLength, _shape.Vocabulary);

    /// <summary>All outputs at the inputs' tokens, n/2 × (D + 1); column 0 holds the predictions.</summary>
    public MatrixView Outputs => new(_outputs.Pointer, Count * _shape.ContextLength / OutputStride, _shape.Logits);

    /// <summary>Computes the predictions of <paramref name="count"/> sequences.</summary>
    public void Forward(TransformerWeights weights, RegressionBatch batch, int first, int count)
    {
        Count = count;
        Stack.Begin(count * _shape.ContextLength, _shape.ContextLength);
        batch.CopyTokens(first, count, Tokens);
        Embed(weights);
        Stack.Forward(weights, default, new NetworkPoint(_shape.Layers));
        MatrixView outputs = Outputs;
        Stack.NormalizeFinal(weights, outputs.Rows);
        _kernels.Multiply(Stack.FinalNorm(outputs.Rows), weights.Unembed.Forward, outputs, accumulate: false);
        _kernels.AddRow(weights.UnembeddingBias, outputs);
    }

    /// <summary>Attention probabilities of one sequence of the last pass, heads × T × T, 0 above the diagonal.</summary>
    public void AttentionOf(int layer, int sequence, Span<float> probabilities)
    {
        int length = _shape.ContextLength;
        for (int i = 0; i < _shape.Heads * length * length; i++)
        {
            (int head, int query, int key) = (i / (length * length), i / length % length, i % length);
            probabilities[i] = (float)Stack.AttentionProbability(layer, head, sequence, query, key);
        }
    }

    public void Dispose()
    {
        Stack.Dispose();
        _tokens.Dispose();
        _outputs.Dispose();
    }

    private void Embed(TransformerWeights weights)
    {
        MatrixView residual = Stack.Residual(0);
        ReadOnlySpan<float> positions = weights.Parameters[weights.Parameters.Layout.PositionEmbedding];
        for (int s = 0; s < Count; s++)
        {
            positions.CopyTo(new Span<float>(residual.RowPointer(s * _shape.ContextLength), positions.Length));
        }

        _kernels.Multiply(Tokens, weights.Embed!.Forward, residual, accumulate: true);
    }
}
