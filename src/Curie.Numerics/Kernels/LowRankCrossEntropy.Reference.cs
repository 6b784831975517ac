using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

public sealed unsafe partial class ReferenceKernels
{
    /// <inheritdoc/>
    public override void LowRankCrossEntropyForward(
        MatrixView frozen,
        MatrixView z,
        PackedMatrix mixing,
        ReadOnlySpan<float> inverseScale,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<int> targets,
        Span<double> losses,
        Scratch scratch
    )
    {
        for (int i = 0; i < z.Rows; i++)
        {
            double[] logits = LowRankLogits(frozen.Row(i), z.Row(i), mixing, inverseScale[i], bias);
            losses[i] = LogSumExp(logits) - logits[targets[i]];
        }
    }

    /// <inheritdoc/>
    public override void LowRankCrossEntropyBackward(
        MatrixView frozen,
        MatrixView z,
        PackedMatrix mixing,
        PackedMatrix mixingTransposed,
        ReadOnlySpan<float> inverseScale,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<int> targets,
        LossScale scale,
        Span<double> losses,
        MatrixView mixed,
        Span<float> product,
        MatrixView mixingGradient,
        Scratch scratch
    )
    {
        double[,] dM = new double[z.Columns, bias.Length];
        for (int i = 0; i < z.Rows; i++)
        {
            double[] logits = LowRankLogits(frozen.Row(i), z.Row(i), mixing, inverseScale[i], bias);
            double logSumExp = LogSumExp(logits);
            losses[i] = logSumExp - logits[targets[i]];
            double[] dz = new double[z.Columns];
            double weighted = 0;
            for (int v = 0; v < logits.Length; v++)
            {
                double g = scale[i] * (Math.Exp(logits[v] - logSumExp) - (v == targets[i] ? 1 : 0));
                weighted += g * (logits[v] - bias[v]);
                for (int k = 0; k < dz.Length; k++)
                {
                    dz[k] += g * mixingTransposed.Panel(k)[v];
                    dM[k, v] += (double)z.Row(i)[k] * inverseScale[i] * g;
                }
            }

            product[i] = (float)weighted;
            for (int k = 0; k < dz.Length; k++)
            {
                mixed.Row(i)[k] = (float)dz[k];
            }
        }

        for (int k = 0; k < mixingGradient.Rows; k++)
        {
            for (int v = 0; v < bias.Length; v++)
            {
                mixingGradient.Row(k)[v] = (float)(mixingGradient.Row(k)[v] + dM[k, v]);
            }
        }
    }

    private static double[] LowRankLogits(
        ReadOnlySpan<float> frozen,
        ReadOnlySpan<float> z,
        PackedMatrix mixing,
        float inverseScale,
        ReadOnlySpan<float> bias
    )
    {
        double[] logits = new double[bias.Length];
        for (int v = 0; v < logits.Length; v++)
        {
            double sum = frozen[v];
            for (int k = 0; k < z.Length; k++)
            {
                sum += (double)z[k] * mixing.Panel(v)[k];
            }

            logits[v] = (sum * inverseScale) + bias[v];
        }

        return logits;
    }
}
