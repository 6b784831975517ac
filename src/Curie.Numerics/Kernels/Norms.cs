using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    /// <inheritdoc/>
    /// <remarks>Mean and variance in two passes: the one-pass form loses the variance of rows with a large mean.</remarks>
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
        CheckOptional(y, x.Rows, x.Columns);
        CheckLength(weight.Length, x.Columns);
        CheckLength(bias.Length, x.Columns);
        CheckLength(mean.Length, x.Rows);
        CheckLength(inverseScale.Length, x.Rows);
        int d = x.Columns;
        fixed (
            float* w = weight,
                b = bias
        )
        {
            for (int i = 0; i < x.Rows; i++)
            {
                float* row = x.RowPointer(i);
                float mu = centred ? SumRow(row, d) / d : 0;
                float inverse = (float)(1 / Math.Sqrt(((double)SumSquaresAround(row, mu, d) / d) + epsilon));
                if (y.Rows > 0)
                {
                    Normalize(row, mu, inverse, w, b, y.RowPointer(i), d);
                }

                mean[i] = mu;
                inverseScale[i] = inverse;
            }
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
        CheckShape(dy, x.Rows, d);
        CheckLength(weight.Length, d);
        CheckLength(mean.Length, x.Rows);
        CheckLength(inverseScale.Length, x.Rows);
        CheckOptional(dx, x.Rows, d);
        CheckOptional(weightGradient.Length, d);
        CheckOptional(biasGradient.Length, d);
        fixed (
            float* w = weight,
                dw = weightGradient
        )
        {
            for (int i = 0; i < x.Rows; i++)
            {
                if (dx.Rows > 0)
                {
                    AddInputGradient(x.RowPointer(i), w, mean[i], inverseScale[i], dy.RowPointer(i), dx.RowPointer(i), d, centred);
                }

                if (!weightGradient.IsEmpty)
                {
                    AddWeightGradient(x.RowPointer(i), mean[i], inverseScale[i], dy.RowPointer(i), dw, d);
                }

                if (!biasGradient.IsEmpty)
                {
                    Add(dy.Row(i), biasGradient);
                }
            }
        }
    }

    private static float SumRow(float* row, int length)
    {
        // Two sums hide half the latency of the addition.
        TVector even = TSimd.Zero;
        TVector odd = TSimd.Zero;
        int j = 0;
        for (; j + (2 * TSimd.Count) <= length; j += 2 * TSimd.Count)
        {
            even = TSimd.Add(even, TSimd.Load(row + j));
            odd = TSimd.Add(odd, TSimd.Load(row + j + TSimd.Count));
        }

        float sum = TSimd.Sum(TSimd.Add(even, odd));
        for (; j < length; j++)
        {
            sum += row[j];
        }

        return sum;
    }

    private static float SumSquaresAround(float* row, float center, int length)
    {
        TVector mu = TSimd.Broadcast(center);
        TVector even = TSimd.Zero;
        TVector odd = TSimd.Zero;
        int j = 0;
        for (; j + (2 * TSimd.Count) <= length; j += 2 * TSimd.Count)
        {
            TVector low = TSimd.Subtract(TSimd.Load(row + j), mu);
            TVector high = TSimd.Subtract(TSimd.Load(row + j + TSimd.Count), mu);
            even = TSimd.FusedMultiplyAdd(low, low, even);
            odd = TSimd.FusedMultiplyAdd(high, high, odd);
        }

        float sum = TSimd.Sum(TSimd.Add(even, odd));
        for (; j < length; j++)
        {
            sum = MathF.FusedMultiplyAdd(row[j] - center, row[j] - center, sum);
        }

        return sum;
    }

    private static void Normalize(float* x, float mean, float inverse, float* weight, float* bias, float* y, int length)
    {
        TVector mu = TSimd.Broadcast(mean);
        TVector scale = TSimd.Broadcast(inverse);
        int j = 0;
        for (; j + TSimd.Count <= length; j += TSimd.Count)
        {
            TVector normalized = TSimd.Multiply(TSimd.Subtract(TSimd.Load(x + j), mu), scale);
            TSimd.Store(TSimd.FusedMultiplyAdd(normalized, TSimd.Load(weight + j), TSimd.Load(bias + j)), y + j);
        }

        for (; j < length; j++)
        {
            y[j] = MathF.FusedMultiplyAdd((x[j] - mean) * inverse, weight[j], bias[j]);
        }
    }

    private static void AddInputGradient(float* x, float* weight, float mean, float inverse, float* dy, float* dx, int length, bool centred)
    {
        TVector mu = TSimd.Broadcast(mean);
        TVector scale = TSimd.Broadcast(inverse);
        TVector sums = TSimd.Zero;
        TVector products = TSimd.Zero;
        int j = 0;
        for (; j + TSimd.Count <= length; j += TSimd.Count)
        {
            TVector h = TSimd.Multiply(TSimd.Load(dy + j), TSimd.Load(weight + j));
            sums = TSimd.Add(sums, h);
            products = TSimd.FusedMultiplyAdd(h, TSimd.Multiply(TSimd.Subtract(TSimd.Load(x + j), mu), scale), products);
        }

        float meanH = TSimd.Sum(sums);
        float meanHx = TSimd.Sum(products);
        for (; j < length; j++)
        {
            float h = dy[j] * weight[j];
            meanH += h;
            meanHx = MathF.FusedMultiplyAdd(h, (x[j] - mean) * inverse, meanHx);
        }

        meanH = centred ? meanH / length : 0;
        meanHx /= length;
        TVector shift = TSimd.Broadcast(meanH);
        TVector slope = TSimd.Broadcast(-meanHx);
        j = 0;
        for (; j + TSimd.Count <= length; j += TSimd.Count)
        {
            TVector normalized = TSimd.Multiply(TSimd.Subtract(TSimd.Load(x + j), mu), scale);
            TVector h = TSimd.Multiply(TSimd.Load(dy + j), TSimd.Load(weight + j));
            TVector change = TSimd.FusedMultiplyAdd(normalized, slope, TSimd.Subtract(h, shift));
            TSimd.Store(TSimd.FusedMultiplyAdd(change, scale, TSimd.Load(dx + j)), dx + j);
        }

        for (; j < length; j++)
        {
            float normalized = (x[j] - mean) * inverse;
            float change = MathF.FusedMultiplyAdd(normalized, -meanHx, (dy[j] * weight[j]) - meanH);
            dx[j] = MathF.FusedMultiplyAdd(change, inverse, dx[j]);
        }
    }

    private static void AddWeightGradient(float* x, float mean, float inverse, float* dy, float* gradient, int length)
    {
        TVector mu = TSimd.Broadcast(mean);
        TVector scale = TSimd.Broadcast(inverse);
        int j = 0;
        for (; j + TSimd.Count <= length; j += TSimd.Count)
        {
            TVector normalized = TSimd.Multiply(TSimd.Subtract(TSimd.Load(x + j), mu), scale);
            TSimd.Store(TSimd.FusedMultiplyAdd(TSimd.Load(dy + j), normalized, TSimd.Load(gradient + j)), gradient + j);
        }

        for (; j < length; j++)
        {
            gradient[j] = MathF.FusedMultiplyAdd(dy[j], (x[j] - mean) * inverse, gradient[j]);
        }
    }
}
