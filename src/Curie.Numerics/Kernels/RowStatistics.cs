using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

/// <summary>The running log-sum-exp of a block of rows, and their target logits.</summary>
internal readonly unsafe struct RowStatistics
{
    /// <summary>The largest logit so far.</summary>
    public readonly float* Maximum;

    /// <summary>The logit of the target.</summary>
    public readonly float* Target;

    /// <summary>Σ exp(logit − maximum) so far.</summary>
    public readonly double* Sum;

    public RowStatistics(Scratch.Frame frame, int rows)
    {
        Maximum = frame.Pointer(rows);
        Target = frame.Pointer(rows);
        Sum = (double*)frame.Pointer(2L * rows);
    }

    private RowStatistics(float* maximum, float* target, double* sum)
    {
        Maximum = maximum;
        Target = target;
        Sum = sum;
    }

    /// <summary>The same from row <paramref name="row"/> on.</summary>
    public RowStatistics From(int row) => new(Maximum + row, Target + row, Sum + row);

    public void Reset(int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            Maximum[row] = float.NegativeInfinity;
            Sum[row] = 0;
        }
    }

    /// <summary>log Σ exp(logit) − target logit, in float64.</summary>
    public void WriteLosses(Span<double> losses)
    {
        for (int row = 0; row < losses.Length; row++)
        {
            losses[row] = (double)Maximum[row] - Target[row] + Math.Log(Sum[row]);
        }
    }
}
