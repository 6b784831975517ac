using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

public sealed unsafe partial class ReferenceKernels
{
    /// <inheritdoc/>
    public override void LogProbabilities(
        MatrixView x,
        PackedMatrix unembed,
        ReadOnlySpan<float> bias,
        MatrixView logProbabilities,
        Scratch scratch
    )
    {
        for (int i = 0; i < x.Rows; i++)
        {
            double[] logits = Logits(x.Row(i), unembed, bias);
            double logSumExp = LogSumExp(logits);
            for (int v = 0; v < logits.Length; v++)
            {
                logProbabilities.Row(i)[v] = (float)(logits[v] - logSumExp);
            }
        }
    }

    /// <inheritdoc/>
    public override void DivergenceForward(
        MatrixView x,
        PackedMatrix unembed,
        ReadOnlySpan<float> bias,
        MatrixView logTarget,
        DivergenceDirection direction,
        Span<double> losses,
        Scratch scratch
    )
    {
        for (int i = 0; i < x.Rows; i++)
        {
            losses[i] = Divergence(Logits(x.Row(i), unembed, bias), logTarget.Row(i), direction, []);
        }
    }

    /// <inheritdoc/>
    public override void DivergenceBackward(
        MatrixView x,
        PackedMatrix unembed,
        PackedMatrix unembedTransposed,
        ReadOnlySpan<float> bias,
        MatrixView logTarget,
        DivergenceDirection direction,
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
        double[] g = new double[unembed.Columns];
        for (int i = 0; i < x.Rows; i++)
        {
            losses[i] = Divergence(Logits(x.Row(i), unembed, bias), logTarget.Row(i), direction, g);
            for (int v = 0; v < g.Length; v++)
            {
                db[v] += scale[i] * g[v];
            }

            for (int k = 0; k < unembed.Depth; k++)
            {
                double sum = 0;
                for (int v = 0; v < g.Length; v++)
                {
                    sum += scale[i] * g[v] * unembedTransposed.Panel(k)[v];
                    dW[k, v] += x.Row(i)[k] * scale[i] * g[v];
                }

                if (dx.Rows > 0)
                {
                    dx.Row(i)[k] = (float)sum;
                }
            }
        }

        AddMatrix(dW, weightGradient, transposed);
        for (int v = 0; v < db.Length; v++)
        {
            if (!biasGradient.IsEmpty)
            {
                biasGradient[v] = (float)(biasGradient[v] + db[v]);
            }
        }
    }

    /// <summary>The divergence as its definition has it, and its gradient by the logits where there is room for that.</summary>
    private static double Divergence(double[] logits, ReadOnlySpan<float> logTarget, DivergenceDirection direction, Span<double> gradient)
    {
        double logSumExp = LogSumExp(logits);
        double divergence = 0;
        for (int v = 0; v < logits.Length; v++)
        {
            double logP = logits[v] - logSumExp;
            divergence +=
                direction == DivergenceDirection.Forward
                    ? Math.Exp(logTarget[v]) * (logTarget[v] - logP)
                    : Math.Exp(logP) * (logP - logTarget[v]);
        }

        for (int v = 0; v < gradient.Length; v++)
        {
            double logP = logits[v] - logSumExp;
            gradient[v] =
                direction == DivergenceDirection.Forward
                    ? Math.Exp(logP) - Math.Exp(logTarget[v])
                    : Math.Exp(logP) * (logP - logTarget[v] - divergence);
        }

        return divergence;
    }
}
