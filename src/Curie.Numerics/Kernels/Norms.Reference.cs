using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

public sealed unsafe partial class ReferenceKernels
{
    /// <inheritdoc/>
    public override void NormForward(
        MatrixView x,
        ReadOnlySpan<float> weight,
        ReadOnlySpan<float> bias,
        float epsilon,
        MatrixView y,
        Span<float> mean,
        Span<float> inverseScale,
        bool centred = true
    )
    {
        for (int i = 0; i < x.Rows; i++)
        {
            Span<float> row = x.Row(i);
            double sum = 0;
            foreach (float value in row)
            {
                sum += value;
            }

            double mu = centred ? sum / row.Length : 0;
            double squares = 0;
            foreach (float value in row)
            {
                squares += (value - mu) * (value - mu);
            }

            double inverse = 1 / Math.Sqrt((squares / row.Length) + epsilon);
            for (int j = 0; j < row.Length && y.Rows > 0; j++)
            {
                y.Row(i)[j] = (float)(((row[j] - mu) * inverse * weight[j]) + bias[j]);
            }

            mean[i] = (float)mu;
            inverseScale[i] = (float)inverse;
        }
    }

    /// <inheritdoc/>
    public override void NormBackward(
        MatrixView x,
        ReadOnlySpan<float> weight,
        ReadOnlySpan<float> mean,
        ReadOnlySpan<float> inverseScale,
        MatrixView dy,
        MatrixView dx,
        Span<float> weightGradient,
        Span<float> biasGradient,
        bool centred = true
    )
    {
        int d = x.Columns;
        var weightSums = new double[d];
        var biasSums = new double[d];
        for (int i = 0; i < x.Rows; i++)
        {
            double meanH = 0;
            double meanHx = 0;
            for (int j = 0; j < d; j++)
            {
                double normalized = ((double)x.Row(i)[j] - mean[i]) * inverseScale[i];
                double h = (double)dy.Row(i)[j] * weight[j];
                meanH += h / d;
                meanHx += h * normalized / d;
                weightSums[j] += dy.Row(i)[j] * normalized;
                biasSums[j] += dy.Row(i)[j];
            }

            meanH = centred ? meanH : 0;

            for (int j = 0; j < d && dx.Rows > 0; j++)
            {
                double normalized = ((double)x.Row(i)[j] - mean[i]) * inverseScale[i];
                double h = (double)dy.Row(i)[j] * weight[j];
                dx.Row(i)[j] = (float)(dx.Row(i)[j] + (inverseScale[i] * (h - meanH - (normalized * meanHx))));
            }
        }

        AddSums(weightSums, weightGradient);
        AddSums(biasSums, biasGradient);
    }

    private static void AddSums(double[] sums, Span<float> destination)
    {
        for (int j = 0; j < destination.Length; j++)
        {
            destination[j] = (float)(destination[j] + sums[j]);
        }
    }
}
