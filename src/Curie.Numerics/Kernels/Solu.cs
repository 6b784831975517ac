using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

/// <remarks>With s = softmax(x) over the row, y = x·s and dx_j = s_j·(dy_j·(1 + x_j) − Σ_i dy_i·x_i·s_i).</remarks>
internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    private static void SoluForward(MatrixView x, MatrixView y)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            float* source = x.RowPointer(i);
            float* target = y.RowPointer(i);
            (float shift, double sum) = SoftmaxSums(source, x.Columns);
            for (int j = 0; j < x.Columns; j++)
            {
                target[j] = (float)(source[j] * Math.Exp(source[j] - shift) / sum);
            }
        }
    }

    private static void SoluBackward(MatrixView x, MatrixView dy, MatrixView dx)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            float* source = x.RowPointer(i);
            float* upstream = dy.RowPointer(i);
            float* target = dx.RowPointer(i);
            (float shift, double sum) = SoftmaxSums(source, x.Columns);
            double product = 0;
            for (int j = 0; j < x.Columns; j++)
            {
                product += upstream[j] * source[j] * Math.Exp(source[j] - shift) / sum;
            }

            for (int j = 0; j < x.Columns; j++)
            {
                double probability = Math.Exp(source[j] - shift) / sum;
                target[j] = (float)(probability * ((upstream[j] * (1.0 + source[j])) - product));
            }
        }
    }

    /// <summary>The largest of a row, and Σ exp(x − largest).</summary>
    private static (float Shift, double Sum) SoftmaxSums(float* row, int length)
    {
        float shift = float.NegativeInfinity;
        for (int j = 0; j < length; j++)
        {
            shift = Math.Max(shift, row[j]);
        }

        double sum = 0;
        for (int j = 0; j < length; j++)
        {
            sum += Math.Exp(row[j] - shift);
        }

        return (shift, sum);
    }
}
