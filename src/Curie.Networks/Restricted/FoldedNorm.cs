using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Restricted;

/// <summary>
/// A norm in front of a linear map, all but its scale folded into the map. With C the centring (x ↦ x − mean x) of layer norm, or the
/// identity where the norm does not centre:
/// <code>
/// norm(x)·W + b = (x·C·diag(γ)·W)/σ(x) + (β·W + b)
/// </code>
/// Without a norm σ is 1.
/// </summary>
internal readonly unsafe ref struct FoldedNorm
{
    private readonly NormKind _kind;
    private readonly float _epsilon;
    private readonly ReadOnlySpan<float> _weight;

    /// <summary>A norm of a network.</summary>
    public FoldedNorm(TransformerWeights weights, NormKind kind, ParameterTensor weight)
    {
        TransformerConfig config = weights.Parameters.Layout.Config;
        _kind = kind;
        _epsilon = config.Epsilon;
        _weight = weights.OrOnes(weight, config.ModelWidth);
    }

    /// <summary>Whether the scale depends on x.</summary>
    public bool HasScale => _kind != NormKind.None;

    /// <summary>y = x·C·diag(γ), row by row; the mean is taken in float64. x, y n×d.</summary>
    public void Fold(MatrixView x, MatrixView y)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            ReadOnlySpan<float> source = x.Row(i);
            Span<float> target = y.Row(i);
            float mean = Mean(source);
            for (int k = 0; k < source.Length; k++)
            {
                target[k] = (source[k] - mean) * _weight[k];
            }
        }
    }

    /// <summary>y = x·diag(γ)·C, row by row: the transpose of <see cref="Fold"/>, for gradients. x, y n×d, may be the same.</summary>
    public void FoldTransposed(MatrixView x, MatrixView y)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            ReadOnlySpan<float> source = x.Row(i);
            Span<float> target = y.Row(i);
            for (int k = 0; k < source.Length; k++)
            {
                target[k] = source[k] * _weight[k];
            }

            float mean = Mean(target);
            for (int k = 0; k < target.Length; k++)
            {
                target[k] -= mean;
            }
        }
    }

    /// <summary>C·x/σ, in place or nowhere, and 1/σ of every row.</summary>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="x">n × d.</param>
    /// <param name="normalized">Receives C·x/σ: x itself, or no rows.</param>
    /// <param name="inverseScale">Receives 1/σ, n.</param>
    /// <param name="scratch">The worker's scratch memory.</param>
    public void Scale(Kernels kernels, MatrixView x, MatrixView normalized, Span<float> inverseScale, Scratch scratch)
    {
        if (!HasScale)
        {
            inverseScale.Fill(1);
            return;
        }

        using Scratch.Frame frame = scratch.Enter();
        Span<float> ones = frame.Vector(x.Columns);
        Span<float> zeros = frame.Vector(x.Columns);
        ones.Fill(1);
        zeros.Clear();
        kernels.NormForward(x, ones, zeros, _epsilon, normalized, frame.Vector(x.Rows), inverseScale, _kind == NormKind.Layer);
    }

    private float Mean(ReadOnlySpan<float> row)
    {
        if (_kind != NormKind.Layer)
        {
            return 0;
        }

        double sum = 0;
        foreach (float value in row)
        {
            sum += value;
        }

        return (float)(sum / row.Length);
    }
}
