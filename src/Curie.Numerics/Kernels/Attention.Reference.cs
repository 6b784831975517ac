using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

public sealed unsafe partial class ReferenceKernels
{
    /// <inheritdoc/>
    public override void AttentionForward(
        MatrixView q,
        MatrixView k,
        MatrixView v,
        float scale,
        MatrixView z,
        Span<float> logSumExp,
        Scratch scratch,
        AttentionSpan span = default
    )
    {
        int[] positions = [.. Enumerable.Range(0, q.Rows)];
        AttentionForwardAt(q, positions, k, v, scale, z, logSumExp, scratch, span);
    }

    /// <inheritdoc/>
    public override void AttentionForwardAt(
        MatrixView q,
        ReadOnlySpan<int> positions,
        MatrixView k,
        MatrixView v,
        float scale,
        MatrixView z,
        Span<float> logSumExp,
        Scratch scratch,
        AttentionSpan span = default
    )
    {
        for (int i = 0; i < q.Rows; i++)
        {
            int first = span.First(positions[i]);
            double[] scores = Scores(q.Row(i), k, scale, first, span.End(positions[i], k.Rows));
            double m = LogSumExp(scores);
            logSumExp[i] = (float)m;
            for (int c = 0; c < v.Columns; c++)
            {
                double sum = 0;
                for (int j = 0; j < scores.Length; j++)
                {
                    sum += Math.Exp(scores[j] - m) * v.Row(first + j)[c];
                }

                z.Row(i)[c] = (float)sum;
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>Probabilities and D_i are recomputed in float64; z and logSumExp are not read.</remarks>
    /// <inheritdoc/>
    public override void AttentionBackward(
        MatrixView q,
        MatrixView k,
        MatrixView v,
        MatrixView z,
        ReadOnlySpan<float> logSumExp,
        float scale,
        MatrixView dz,
        MatrixView dq,
        MatrixView dk,
        MatrixView dv,
        Scratch scratch,
        AttentionSpan span = default
    )
    {
        int e = q.Columns;
        var keySums = new double[q.Rows, e];
        var valueSums = new double[q.Rows, e];
        for (int i = 0; i < q.Rows; i++)
        {
            int first = span.First(i);
            double[] scores = Scores(q.Row(i), k, scale, first, span.End(i, k.Rows));
            double m = LogSumExp(scores);
            var a = new double[scores.Length];
            var upstream = new double[scores.Length];
            double shift = 0;
            for (int j = 0; j < scores.Length; j++)
            {
                a[j] = Math.Exp(scores[j] - m);
                upstream[j] = Dot(dz.Row(i), v.Row(first + j));
                shift += a[j] * upstream[j];
            }

            var querySums = new double[e];
            for (int j = 0; j < scores.Length; j++)
            {
                double ds = a[j] * (upstream[j] - shift);
                for (int c = 0; c < e; c++)
                {
                    querySums[c] += ds * k.Row(first + j)[c];
                    keySums[first + j, c] += ds * q.Row(i)[c];
                    valueSums[first + j, c] += a[j] * dz.Row(i)[c];
                }
            }

            for (int c = 0; c < e; c++)
            {
                dq.Row(i)[c] = (float)(scale * querySums[c]);
            }
        }

        for (int j = 0; j < q.Rows; j++)
        {
            for (int c = 0; c < e; c++)
            {
                dk.Row(j)[c] = (float)(scale * keySums[j, c]);
                dv.Row(j)[c] = (float)valueSums[j, c];
            }
        }
    }

    private static double[] Scores(ReadOnlySpan<float> query, MatrixView k, float scale, int first, int end)
    {
        var scores = new double[end - first];
        for (int j = 0; j < scores.Length; j++)
        {
            scores[j] = scale * Dot(query, k.Row(first + j));
        }

        return scores;
    }

    private static double LogSumExp(double[] scores)
    {
        double largest = scores.Max();
        return largest + Math.Log(scores.Sum(score => Math.Exp(score - largest)));
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum;
    }
}
