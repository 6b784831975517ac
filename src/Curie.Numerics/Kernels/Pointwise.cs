using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    /// <inheritdoc/>
    public override void ActivationForward(Activation activation, MatrixView x, MatrixView y)
    {
        CheckShape(y, x.Rows, x.Columns);
        switch (activation)
        {
            case Activation.Relu:
                ApplyValue<ReluFunction<TSimd, TVector>>(x, y);
                break;
            case Activation.Gelu:
                ApplyValue<GeluFunction<TSimd, TVector>>(x, y);
                break;
            case Activation.GeluNew:
                ApplyValue<GeluNewFunction<TSimd, TVector>>(x, y);
                break;
            case Activation.Silu:
                ApplyValue<SiluFunction<TSimd, TVector>>(x, y);
                break;
            case Activation.Solu:
                SoluForward(x, y);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation));
        }
    }

    /// <inheritdoc/>
    public override void ActivationBackward(Activation activation, MatrixView x, MatrixView dy, MatrixView dx)
    {
        CheckShape(dy, x.Rows, x.Columns);
        CheckShape(dx, x.Rows, x.Columns);
        switch (activation)
        {
            case Activation.Relu:
                ApplyDerivative<ReluFunction<TSimd, TVector>>(x, dy, dx);
                break;
            case Activation.Gelu:
                ApplyDerivative<GeluFunction<TSimd, TVector>>(x, dy, dx);
                break;
            case Activation.GeluNew:
                ApplyDerivative<GeluNewFunction<TSimd, TVector>>(x, dy, dx);
                break;
            case Activation.Silu:
                ApplyDerivative<SiluFunction<TSimd, TVector>>(x, dy, dx);
                break;
            case Activation.Solu:
                SoluBackward(x, dy, dx);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation));
        }
    }

    /// <inheritdoc/>
    public override void Add(ReadOnlySpan<float> x, Span<float> y)
    {
        CheckLength(x.Length, y.Length);
        fixed (
            float* source = x,
                destination = y
        )
        {
            int length = y.Length;
            int j = 0;
            for (; j + TSimd.Count <= length; j += TSimd.Count)
            {
                TSimd.Store(TSimd.Add(TSimd.Load(source + j), TSimd.Load(destination + j)), destination + j);
            }

            for (; j < length; j++)
            {
                destination[j] += source[j];
            }
        }
    }

    /// <inheritdoc/>
    public override void MultiplyElements(MatrixView a, MatrixView b, MatrixView y)
    {
        CheckShape(b, a.Rows, a.Columns);
        CheckShape(y, a.Rows, a.Columns);
        for (int i = 0; i < a.Rows; i++)
        {
            float* left = a.RowPointer(i);
            float* right = b.RowPointer(i);
            float* destination = y.RowPointer(i);
            int j = 0;
            for (; j + TSimd.Count <= a.Columns; j += TSimd.Count)
            {
                TSimd.Store(TSimd.Multiply(TSimd.Load(left + j), TSimd.Load(right + j)), destination + j);
            }

            for (; j < a.Columns; j++)
            {
                destination[j] = left[j] * right[j];
            }
        }
    }

    /// <inheritdoc/>
    public override void AddRow(ReadOnlySpan<float> row, MatrixView y)
    {
        for (int i = 0; i < y.Rows; i++)
        {
            Add(row, y.Row(i));
        }
    }

    /// <inheritdoc/>
    public override void AddColumnSums(MatrixView x, Span<float> sums)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            Add(x.Row(i), sums);
        }
    }

    private static void ApplyValue<TFunction>(MatrixView x, MatrixView y)
        where TFunction : struct, IActivationFunction<TVector>
    {
        for (int i = 0; i < x.Rows; i++)
        {
            float* source = x.RowPointer(i);
            float* destination = y.RowPointer(i);
            int j = 0;
            for (; j + TSimd.Count <= x.Columns; j += TSimd.Count)
            {
                TSimd.Store(TFunction.Value(TSimd.Load(source + j)), destination + j);
            }

            int rest = x.Columns - j;
            if (rest > 0)
            {
                TSimd.StorePartial(TFunction.Value(TSimd.LoadPartial(source + j, rest)), destination + j, rest);
            }
        }
    }

    private static void ApplyDerivative<TFunction>(MatrixView x, MatrixView dy, MatrixView dx)
        where TFunction : struct, IActivationFunction<TVector>
    {
        for (int i = 0; i < x.Rows; i++)
        {
            float* source = x.RowPointer(i);
            float* upstream = dy.RowPointer(i);
            float* destination = dx.RowPointer(i);
            int j = 0;
            for (; j + TSimd.Count <= x.Columns; j += TSimd.Count)
            {
                TSimd.Store(TSimd.Multiply(TSimd.Load(upstream + j), TFunction.Derivative(TSimd.Load(source + j))), destination + j);
            }

            int rest = x.Columns - j;
            if (rest > 0)
            {
                TVector derivative = TFunction.Derivative(TSimd.LoadPartial(source + j, rest));
                TSimd.StorePartial(TSimd.Multiply(TSimd.LoadPartial(upstream + j, rest), derivative), destination + j, rest);
            }
        }
    }
}
