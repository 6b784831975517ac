using System.Numerics;
using Curie.Numerics.Parallelism;

namespace Curie.Response.Modes;

/// <summary>
/// G_cd = Σ_i (x_ci − m_c)(x_di − m_d) in float64. Tokens are cut into a fixed number of slabs, one partial sum each, added in order: the
/// result does not depend on the number of workers.
/// </summary>
internal sealed class CentredGram(IReadOnlyList<ReadOnlyMemory<float>> rows, double[] means)
{
    private const int Slabs = 16;
    private const int BlockTokens = 512;
    private readonly double[][] _partial = [.. Enumerable.Range(0, Slabs).Select(_ => new double[rows.Count * rows.Count])];

    public double[,] Compute(WorkerPool? pool)
    {
        SlabBody body = new(this);
        if (pool is null)
        {
            for (int slab = 0; slab < Slabs; slab++)
            {
                AddSlab(slab);
            }
        }
        else
        {
            pool.Run(Slabs, ref body);
        }

        double[,] gram = new double[rows.Count, rows.Count];
        for (int c = 0; c < rows.Count; c++)
        {
            for (int d = c; d < rows.Count; d++)
            {
                gram[c, d] = gram[d, c] = _partial.Sum(partial => partial[(c * rows.Count) + d]);
            }
        }

        return gram;
    }

    internal static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Vector<double> sum = Vector<double>.Zero;
        int i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            sum += new Vector<double>(x[i..]) * new Vector<double>(y[i..]);
        }

        double rest = 0;
        for (; i < x.Length; i++)
        {
            rest += x[i] * y[i];
        }

        return Vector.Sum(sum) + rest;
    }

    private void AddSlab(int slab)
    {
        int tokens = rows[0].Length;
        int end = (int)((long)tokens * (slab + 1) / Slabs);
        double[] block = new double[rows.Count * BlockTokens];
        for (int start = (int)((long)tokens * slab / Slabs); start < end; start += BlockTokens)
        {
            AddBlock(block, start, Math.Min(BlockTokens, end - start), _partial[slab]);
        }
    }

    private void AddBlock(double[] block, int start, int length, double[] partial)
    {
        int count = rows.Count;
        for (int c = 0; c < count; c++)
        {
            ReadOnlySpan<float> row = rows[c].Span.Slice(start, length);
            Span<double> centred = block.AsSpan(c * BlockTokens, length);
            for (int i = 0; i < length; i++)
            {
                centred[i] = row[i] - means[c];
            }
        }

        for (int c = 0; c < count; c++)
        {
            ReadOnlySpan<double> left = block.AsSpan(c * BlockTokens, length);
            for (int d = c; d < count; d++)
            {
                partial[(c * count) + d] += Dot(left, block.AsSpan(d * BlockTokens, length));
            }
        }
    }

    private readonly struct SlabBody(CentredGram owner) : IParallelBody
    {
        public void Invoke(int item, int worker) => owner.AddSlab(item);
    }
}
