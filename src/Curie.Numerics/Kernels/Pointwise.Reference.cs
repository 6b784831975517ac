using Curie.Numerics.Memory;
using MathNet.Numerics;

namespace Curie.Numerics.Kernels;

public sealed unsafe partial class ReferenceKernels
{
    /// <inheritdoc/>
    public override void ActivationForward(Activation activation, MatrixView x, MatrixView y)
    {
        if (activation == Activation.Solu)
        {
            for (int i = 0; i < x.Rows; i++)
            {
                double[] softmax = Softmax(x.Row(i));
                for (int j = 0; j < x.Columns; j++)
                {
                    y.Row(i)[j] = (float)(x.Row(i)[j] * softmax[j]);
                }
            }

            return;
        }

        for (int i = 0; i < x.Rows; i++)
        {
            for (int j = 0; j < x.Columns; j++)
            {
                y.Row(i)[j] = (float)Activate(activation, x.Row(i)[j]);
            }
        }
    }

    /// <inheritdoc/>
    public override void ActivationBackward(Activation activation, MatrixView x, MatrixView dy, MatrixView dx)
    {
        if (activation == Activation.Solu)
        {
            for (int i = 0; i < x.Rows; i++)
            {
                double[] softmax = Softmax(x.Row(i));
                double[] weighted = [.. Enumerable.Range(0, x.Columns).Select(j => (double)dy.Row(i)[j] * x.Row(i)[j])];
                double[] upstream = [.. Enumerable.Range(0, x.Columns).Select(j => (double)dy.Row(i)[j])];
                for (int j = 0; j < x.Columns; j++)
                {
                    double sum = upstream[j] * softmax[j];
                    for (int k = 0; k < x.Columns; k++)
                    {
                        sum += weighted[k] * softmax[k] * ((k == j ? 1 : 0) - softmax[j]);
                    }

                    dx.Row(i)[j] = (float)sum;
                }
            }

            return;
        }

        for (int i = 0; i < x.Rows; i++)
        {
            for (int j = 0; j < x.Columns; j++)
            {
                dx.Row(i)[j] = (float)(dy.Row(i)[j] * ActivationDerivative(activation, x.Row(i)[j]));
            }
        }
    }

    /// <inheritdoc/>
    public override void Add(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] += x[i];
        }
    }

    /// <inheritdoc/>
    public override void MultiplyElements(MatrixView a, MatrixView b, MatrixView y)
    {
        for (int i = 0; i < a.Rows; i++)
        {
            for (int j = 0; j < a.Columns; j++)
            {
                y.Row(i)[j] = a.Row(i)[j] * b.Row(i)[j];
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
        for (int j = 0; j < x.Columns; j++)
        {
            double sum = sums[j];
            for (int i = 0; i < x.Rows; i++)
            {
                sum += x.Row(i)[j];
            }

            sums[j] = (float)sum;
        }
    }

    private static double Activate(Activation activation, double x) =>
        activation switch
        {
            Activation.Relu => Math.Max(x, 0),
            Activation.Gelu => 0.5 * x * SpecialFunctions.Erfc(-x / Math.Sqrt(2)),
            Activation.GeluNew => 0.5 * x * (1 + Math.Tanh(GeluNewArgument(x))),
            Activation.Silu => x / (1 + Math.Exp(-x)),
            _ => throw new ArgumentOutOfRangeException(nameof(activation)),
        };

    private static double ActivationDerivative(Activation activation, double x)
    {
        switch (activation)
        {
            case Activation.Relu:
                return x > 0 ? 1 : 0;
            case Activation.Gelu:
                return (0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2))) + (x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
            case Activation.GeluNew:
                double t = Math.Tanh(GeluNewArgument(x));
                return (0.5 * (1 + t)) + (0.5 * x * (1 - (t * t)) * Math.Sqrt(2 / Math.PI) * (1 + (3 * 0.044715 * x * x)));
            case Activation.Silu:
                double logistic = 1 / (1 + Math.Exp(-x));
                return logistic * (1 + (x * (1 - logistic)));
            default:
                throw new ArgumentOutOfRangeException(nameof(activation));
        }
    }

    private static double[] Softmax(ReadOnlySpan<float> row)
    {
        double[] exponentials = [.. row.ToArray().Select(value => (double)value)];
        double largest = exponentials.Max();
        exponentials = [.. exponentials.Select(value => Math.Exp(value - largest))];
        double sum = exponentials.Sum();
        return [.. exponentials.Select(value => value / sum)];
    }

    private static double GeluNewArgument(double x) => Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x));
}
