using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Simd;

namespace Curie.Numerics.Benchmarking;

/// <summary>
/// What the processor can do at most: fused multiply-adds on registers alone, no memory touched. A fused multiply-add counts as two
/// operations. Every measured rate of a kernel is compared with this one, taken moments before on the same threads.
/// </summary>
public static class MachinePeak
{
    /// <summary>
    /// Chains that do not wait for each other: latency (4 or 5 cycles) times fused multiply-adds per cycle (2), and some more.
    /// </summary>
    private const int Chains = 12;

    /// <summary>Measures the peak in GFLOP/s of all workers together.</summary>
    /// <param name="width">The width of the vectors.</param>
    /// <param name="pool">The threads.</param>
    /// <param name="milliseconds">About how long to measure.</param>
    public static double Measure(SimdWidth width, WorkerPool pool, int milliseconds = 50)
    {
        long iterations = 200_000;
        while (true)
        {
            Body body = new(width, iterations);
            long start = Stopwatch.GetTimestamp();
            pool.Run(pool.Workers, ref body);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (seconds * 1000 >= milliseconds)
            {
                double lanes = (double)width / (8 * sizeof(float));
                return pool.Workers * iterations * lanes * Chains * 2 / seconds / 1e9;
            }

            iterations = (long)(iterations * Math.Clamp(1.1 * milliseconds / 1000 / Math.Max(seconds, 1e-6), 1.5, 50));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float MultiplyAdd<TSimd, TVector>(long iterations)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        // Each chain tends to y/(1 − x) = 1: neither overflow nor subnormal numbers slow it down.
        TVector x = TSimd.Broadcast(0.75f),
            y = TSimd.Broadcast(0.25f);
        TVector a = y,
            b = y,
            c = y,
            d = y,
            e = y,
            f = y,
            g = y,
            h = y,
            i = y,
            j = y,
            k = y,
            l = y;
        for (long iteration = 0; iteration < iterations; iteration++)
        {
            a = TSimd.FusedMultiplyAdd(a, x, y);
            b = TSimd.FusedMultiplyAdd(b, x, y);
            c = TSimd.FusedMultiplyAdd(c, x, y);
            d = TSimd.FusedMultiplyAdd(d, x, y);
            e = TSimd.FusedMultiplyAdd(e, x, y);
            f = TSimd.FusedMultiplyAdd(f, x, y);
            g = TSimd.FusedMultiplyAdd(g, x, y);
            h = TSimd.FusedMultiplyAdd(h, x, y);
            i = TSimd.FusedMultiplyAdd(i, x, y);
            j = TSimd.FusedMultiplyAdd(j, x, y);
            k = TSimd.FusedMultiplyAdd(k, x, y);
            l = TSimd.FusedMultiplyAdd(l, x, y);
        }

        TVector first = TSimd.Add(TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d)), TSimd.Add(e, f));
        TVector second = TSimd.Add(TSimd.Add(TSimd.Add(g, h), TSimd.Add(i, j)), TSimd.Add(k, l));
        return TSimd.Sum(TSimd.Add(first, second));
    }

    private readonly struct Body(SimdWidth width, long iterations) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            float sum = width switch
            {
                SimdWidth.Bits512 => MultiplyAdd<Simd512, Vector512<float>>(iterations),
                SimdWidth.Bits256 => MultiplyAdd<Simd256, Vector256<float>>(iterations),
                SimdWidth.Bits128 => MultiplyAdd<Simd128, Vector128<float>>(iterations),
                _ => MultiplyAdd<SimdScalar, float>(iterations),
            };
            Debug.Assert(sum > 0, "The chains tend to one.");
        }
    }
}
