using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

public sealed unsafe partial class ReferenceKernels
{
    /// <inheritdoc/>
    public override void CrossEntropyForward(
        MatrixView x,
        PackedMatrix unembed,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<int> targets,
        Span<double> losses,
        Scratch scratch
    )
    {
        for (int i = 0; i < x.Rows; i++)
        {
            double[] logits = Logits(x.Row(i), unembed, bias);
            losses[i] = LogSumExp(logits) - logits[targets[i]];
        }
    }

    /// <inheritdoc/>
    public override void CrossEntropyBackward(
        MatrixView x,
        PackedMatrix unembed,
        PackedMatrix unembedTransposed,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<int> targets,
        LossScale scale,
        Span<double> losses,
        MatrixView dx,
        MatrixView weightGradient,
        Span<float> biasGradient,
        Scratch scratch,
        bool transposed = false
    )
    {
        double[,] dW = new double[unembed.Depth, unembed.Columns];
        double[] db = new double[unembed.Columns];
        for (int i = 0; i < x.Rows; i++)
        {
            double[] logits = Logits(x.Row(i), unembed, bias);
            double logSumExp = LogSumExp(logits);
            losses[i] = logSumExp - logits[targets[i]];
            double[] g = new double[logits.Length];
            for (int v = 0; v < g.Length; v++)
            {
                g[v] = scale[i] * (Math.Exp(logits[v] - logSumExp) - (v == targets[i] ? 1 : 0));
                db[v] += g[v];
            }

            for (int k = 0; k < unembed.Depth; k++)
            {
                double sum = 0;
                for (int v = 0; v < g.Length; v++)
                {
                    sum += g[v] * unembedTransposed.Panel(k)[v];
                    dW[k, v] += x.Row(i)[k] * g[v];
                }

                if (dx.Rows > 0)
                {
                    dx.Row(i)[k] = (float)sum;
                }
            }
        }

        AddMatrix(dW, weightGradient, transposed);
        for (int v = 0; v < biasGradient.Length; v++)
        {
            biasGradient[v] = (float)(biasGradient[v] + db[v]);
        }
    }

    /// <summary>Adds a d×V gradient to a view of it, or of its transpose; to no rows, nothing.</summary>
    private static void AddMatrix(double[,] gradient, MatrixView destination, bool transposed)
    {
        for (int i = 0; i < destination.Rows; i++)
        {
            for (int j = 0; j < destination.Columns; j++)
            {
                destination.Row(i)[j] = (float)(destination.Row(i)[j] + (transposed ? gradient[j, i] : gradient[i, j]));
            }
        }
    }

    private static double[] Logits(ReadOnlySpan<float> x, PackedMatrix unembed, ReadOnlySpan<float> bias)
    {
        double[] logits = new double[unembed.Columns];
        for (int v = 0; v < logits.Length; v++)
        {
            logits[v] = bias[v];
            for (int k = 0; k < x.Length; k++)
            {
                logits[v] += (double)x[k] * unembed.Panel(v)[k];
            }
        }

        return logits;
    }
}
