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
        Scratch scratch)
    {
        double[] logits = new double[bias.Length];
        for (int i = 0; i < z.Rows; i++)
        {
            for (int v = 0; v < logits.Length; v++)
            {
                double sum = frozen.Row(i)[v];
                for (int k = 0; k < z.Columns; k++)
                {
                    sum += (double)z.Row(i)[k] * mixing.Panel(v)[k];
                }

                logits[v] = (sum * inverseScale[i]) + bias[v];
            }

            losses[i] = LogSumExp(logits) - logits[targets[i]];
        }
    }
}
