using Curie.Networks.Architecture;
using Curie.Numerics.Memory;

namespace Curie.Networks.Regression;

/// <summary>
/// What one block computes for some sequences and its backward pass reads again. n positions enter; m go on: all of them, or in the last
/// block every
/// second one, the inputs' tokens, whose outputs alone are predictions. A = heads·e.
/// </summary>
internal sealed unsafe class RegressionBlock : IDisposable
{
    private readonly AlignedBuffer<float> _buffer;

    public RegressionBlock(TransformerConfig shape, int n, int stride)
    {
        (int d, int a, int hidden, int m) = (shape.ModelWidth, shape.AttentionWidth, shape.MlpWidth, n / stride);
        Stride = stride;
        long attention = (long)n * (d + (4 * a));
        long mlp = (long)m * ((2 * d) + (2 * hidden));
        _buffer = new AlignedBuffer<float>(attention + mlp + ((long)n * (shape.Heads + 2)) + (2L * m));
        float* next = _buffer.Pointer;
        Norm1 = Take(ref next, n, d);
        QueryKeyValue = Take(ref next, n, 3 * a);
        Z = Take(ref next, n, a);
        Mid = Take(ref next, m, d);
        Norm2 = Take(ref next, m, d);
        Hidden = Take(ref next, m, hidden);
        Active = Take(ref next, m, hidden);
        LogSumExp = Take(ref next, shape.Heads, n);
        Statistics1 = Take(ref next, 2, n);
        Statistics2 = Take(ref next, 2, m);
    }

    /// <summary>n / m.</summary>
    public int Stride { get; }

    /// <summary>LN1(x), n × d.</summary>
    public MatrixView Norm1 { get; }

    /// <summary>[queries | keys | values], n × 3A.</summary>
    public MatrixView QueryKeyValue { get; }

    /// <summary>Mixed values, n × A.</summary>
    public MatrixView Z { get; }

    /// <summary>x + attention, m × d.</summary>
    public MatrixView Mid { get; }

    /// <summary>LN2 of that, m × d.</summary>
    public MatrixView Norm2 { get; }

    /// <summary>The MLP's hidden layer before the nonlinearity, m × d_mlp.</summary>
    public MatrixView Hidden { get; }

    /// <summary>The MLP's hidden layer after the nonlinearity, m × d_mlp.</summary>
    public MatrixView Active { get; }

    /// <summary>The log of the attention normalisers, heads × n.</summary>
    public MatrixView LogSumExp { get; }

    /// <summary>Mean and inverse scale of LN1, 2 × n.</summary>
    public MatrixView Statistics1 { get; }

    /// <summary>Mean and inverse scale of LN2, 2 × m.</summary>
    public MatrixView Statistics2 { get; }

    public void Dispose() => _buffer.Dispose();

    private static MatrixView Take(ref float* next, int rows, int columns)
    {
        MatrixView view = new(next, rows, columns);
        next += (long)rows * columns;
        return view;
    }
}
