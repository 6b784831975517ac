using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

/// <summary>
/// Attention in a band of keys, query by query: windows and bidirectional attention. Its cost is that of the band; the blocked kernels of
/// causal attention use the caches better.
/// </summary>
internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    private static void AttendBand(
        MatrixView q,
        ReadOnlySpan<int> positions,
        MatrixView k,
        MatrixView v,
        float scale,
        MatrixView z,
        Span<float> logSumExp,
        AttentionSpan span,
        Scratch scratch
    )
    {
        int e = q.Columns;
        using Scratch.Frame frame = scratch.Enter();
        float* weights = frame.Pointer(RoundUp(k.Rows, TSimd.Count));
        for (int i = 0; i < q.Rows; i++)
        {
            int position = positions.IsEmpty ? i : positions[i];
            (int first, int end) = (span.First(position), span.End(position, k.Rows));
            logSumExp[i] = BandScores(q.RowPointer(i), k, first, end, scale, weights);
            z.Row(i).Clear();
            for (int j = first; j < end; j++)
            {
                float weight = MathF.Exp(weights[j - first] - logSumExp[i]);
                AddScaledRow(v.RowPointer(j), weight, z.RowPointer(i), e);
            }
        }
    }

    private static void AttendBandBackward(
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
        AttentionSpan span,
        Scratch scratch
    )
    {
        int e = q.Columns;
        using Scratch.Frame frame = scratch.Enter();
        float* scores = frame.Pointer(RoundUp(k.Rows, TSimd.Count));
        dq.Clear();
        dk.Clear();
        dv.Clear();
        for (int i = 0; i < q.Rows; i++)
        {
            (int first, int end) = (span.First(i), span.End(i, k.Rows));
            BandScores(q.RowPointer(i), k, first, end, scale, scores);
            float shift = DotRow(dz.RowPointer(i), z.RowPointer(i), e);
            for (int j = first; j < end; j++)
            {
                float probability = MathF.Exp(scores[j - first] - logSumExp[i]);
                float ds = scale * probability * (DotRow(dz.RowPointer(i), v.RowPointer(j), e) - shift);
                AddScaledRow(k.RowPointer(j), ds, dq.RowPointer(i), e);
                AddScaledRow(q.RowPointer(i), ds, dk.RowPointer(j), e);
                AddScaledRow(dz.RowPointer(i), probability, dv.RowPointer(j), e);
            }
        }
    }

    /// <summary>scale·q·k_j of the keys of a band; returns the logarithm of the sum of their exponentials.</summary>
    private static float BandScores(float* query, MatrixView k, int first, int end, float scale, float* scores)
    {
        float largest = float.NegativeInfinity;
        for (int j = first; j < end; j++)
        {
            scores[j - first] = scale * DotRow(query, k.RowPointer(j), k.Columns);
            largest = Math.Max(largest, scores[j - first]);
        }

        double sum = 0;
        for (int j = 0; j < end - first; j++)
        {
            sum += Math.Exp(scores[j] - largest);
        }

        return (float)(largest + Math.Log(sum));
    }

    private static void AddScaledRow(float* source, float factor, float* destination, int length)
    {
        TVector factors = TSimd.Broadcast(factor);
        int j = 0;
        for (; j + TSimd.Count <= length; j += TSimd.Count)
        {
            TSimd.Store(TSimd.FusedMultiplyAdd(TSimd.Load(source + j), factors, TSimd.Load(destination + j)), destination + j);
        }

        for (; j < length; j++)
        {
            destination[j] = MathF.FusedMultiplyAdd(source[j], factor, destination[j]);
        }
    }
}
