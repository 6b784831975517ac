using System.Runtime.CompilerServices;
using Curie.Numerics.Random;

namespace Curie.Numerics.Kernels;

internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    /// <inheritdoc/>
    public override UpdateSums SgldUpdate(
        Span<float> w,
        ReadOnlySpan<float> gradient,
        ReadOnlySpan<float> origin,
        SgldOptions options,
        PhiloxKey noise,
        long step,
        long firstIndex
    )
    {
        CheckLength(gradient.Length, w.Length);
        CheckLength(origin.Length, w.Length);
        CheckFirstIndex(firstIndex);
        var force = new ForceConstants(options, -options.StepSize / 2);
        TVector kick = TSimd.Broadcast((float)(Math.Sqrt(options.StepSize) * options.NoiseLevel));
        float* numbers = stackalloc float[ChunkNumbers];
        new Span<float>(numbers, ChunkNumbers).Clear();
        UpdateSums sums = default;
        fixed (
            float* parameters = w,
                slopes = gradient,
                centers = origin
        )
        {
            for (int start = 0; start < w.Length; start += ChunkNumbers)
            {
                int count = Math.Min(ChunkNumbers, w.Length - start);
                if (options.NoiseLevel != 0)
                {
                    FillChunk(noise, step, firstIndex + start, numbers, count);
                }

                TVector square = TSimd.Zero;
                TVector pull = TSimd.Zero;
                TVector distance = TSimd.Zero;
                for (int j = 0; j < count; j += TSimd.Count)
                {
                    int here = start + j;
                    int left = count - j;
                    TVector old = LoadUpTo(parameters + here, left);
                    TVector slope = LoadUpTo(slopes + here, left);
                    TVector offset = TSimd.Subtract(old, LoadUpTo(centers + here, left));
                    TVector drift = force.At(old, slope, offset);
                    square = TSimd.FusedMultiplyAdd(drift, drift, square);
                    pull = TSimd.FusedMultiplyAdd(slope, offset, pull);
                    distance = TSimd.FusedMultiplyAdd(offset, offset, distance);
                    StoreUpTo(TSimd.Add(old, TSimd.FusedMultiplyAdd(kick, LoadUpTo(numbers + j, left), drift)), parameters + here, left);
                }

                sums += new UpdateSums(TSimd.Sum(square), TSimd.Sum(pull), TSimd.Sum(distance));
            }
        }

        return sums;
    }

    /// <inheritdoc/>
    public override UpdateSums RmsPropSgldUpdate(
        Span<float> w,
        ReadOnlySpan<float> gradient,
        ReadOnlySpan<float> origin,
        Span<float> secondMoment,
        SgldOptions options,
        RmsPropOptions rmsProp,
        PhiloxKey noise,
        long step,
        long firstIndex
    )
    {
        CheckLength(gradient.Length, w.Length);
        CheckLength(origin.Length, w.Length);
        CheckLength(secondMoment.Length, w.Length);
        CheckFirstIndex(firstIndex);
        var force = new ForceConstants(options, -options.StepSize / 2);
        var preconditioner = new PreconditionerConstants(rmsProp);
        TVector kick = TSimd.Broadcast((float)(Math.Sqrt(options.StepSize) * options.NoiseLevel));
        float* numbers = stackalloc float[ChunkNumbers];
        new Span<float>(numbers, ChunkNumbers).Clear();
        UpdateSums sums = default;
        fixed (
            float* parameters = w,
                slopes = gradient,
                centers = origin,
                moments = secondMoment
        )
        {
            for (int start = 0; start < w.Length; start += ChunkNumbers)
            {
                int count = Math.Min(ChunkNumbers, w.Length - start);
                if (options.NoiseLevel != 0)
                {
                    FillChunk(noise, step, firstIndex + start, numbers, count);
                }

                TVector square = TSimd.Zero;
                TVector pull = TSimd.Zero;
                TVector distance = TSimd.Zero;
                for (int j = 0; j < count; j += TSimd.Count)
                {
                    int here = start + j;
                    int left = count - j;
                    TVector old = LoadUpTo(parameters + here, left);
                    TVector slope = LoadUpTo(slopes + here, left);
                    TVector offset = TSimd.Subtract(old, LoadUpTo(centers + here, left));
                    TVector moment = LoadUpTo(moments + here, left);
                    TVector scale = preconditioner.Update(slope, ref moment);
                    TVector bare = force.At(old, slope, offset);
                    TVector drift = TSimd.Multiply(scale, bare);
                    square = TSimd.FusedMultiplyAdd(drift, bare, square);
                    pull = TSimd.FusedMultiplyAdd(slope, offset, pull);
                    distance = TSimd.FusedMultiplyAdd(offset, offset, distance);
                    TVector spread = TSimd.Multiply(kick, TSimd.Sqrt(scale));
                    StoreUpTo(moment, moments + here, left);
                    StoreUpTo(TSimd.Add(old, TSimd.FusedMultiplyAdd(spread, LoadUpTo(numbers + j, left), drift)), parameters + here, left);
                }

                sums += new UpdateSums(TSimd.Sum(square), TSimd.Sum(pull), TSimd.Sum(distance));
            }
        }

        return sums;
    }

    /// <inheritdoc/>
    public override UpdateSums MomentumKick(
        Span<float> w,
        Span<float> momentum,
        ReadOnlySpan<float> gradient,
        ReadOnlySpan<float> origin,
        SgldOptions options
    )
    {
        CheckLength(momentum.Length, w.Length);
        CheckLength(gradient.Length, w.Length);
        CheckLength(origin.Length, w.Length);
        double h = Math.Sqrt(options.StepSize);
        var force = new ForceConstants(options, -h);
        TVector half = TSimd.Broadcast((float)(h / 2));
        UpdateSums sums = default;
        fixed (
            float* parameters = w,
                momenta = momentum,
                slopes = gradient,
                centers = origin
        )
        {
            for (int start = 0; start < w.Length; start += ChunkNumbers)
            {
                int end = Math.Min(start + ChunkNumbers, w.Length);
                TVector square = TSimd.Zero;
                TVector pull = TSimd.Zero;
                TVector distance = TSimd.Zero;
                for (int here = start; here < end; here += TSimd.Count)
                {
                    int left = end - here;
                    TVector old = LoadUpTo(parameters + here, left);
                    TVector slope = LoadUpTo(slopes + here, left);
                    TVector offset = TSimd.Subtract(old, LoadUpTo(centers + here, left));
                    TVector p = TSimd.Add(LoadUpTo(momenta + here, left), force.At(old, slope, offset));
                    square = TSimd.FusedMultiplyAdd(p, p, square);
                    pull = TSimd.FusedMultiplyAdd(slope, offset, pull);
                    distance = TSimd.FusedMultiplyAdd(offset, offset, distance);
                    StoreUpTo(p, momenta + here, left);
                    StoreUpTo(TSimd.FusedMultiplyAdd(half, p, old), parameters + here, left);
                }

                sums += new UpdateSums(TSimd.Sum(square), TSimd.Sum(pull), TSimd.Sum(distance));
            }
        }

        return sums;
    }

    /// <inheritdoc/>
    public override double MomentumRefresh(
        Span<float> w,
        Span<float> momentum,
        MomentumRefreshOptions options,
        PhiloxKey noise,
        long step,
        long firstIndex
    )
    {
        CheckLength(momentum.Length, w.Length);
        CheckFirstIndex(firstIndex);
        TVector keep = TSimd.Broadcast((float)options.Keep);
        TVector fresh = TSimd.Broadcast((float)options.Fresh);
        TVector drift = TSimd.Broadcast((float)options.Drift);
        float* numbers = stackalloc float[ChunkNumbers];
        double sum = 0;
        fixed (
            float* parameters = w,
                momenta = momentum
        )
        {
            for (int start = 0; start < w.Length; start += ChunkNumbers)
            {
                int count = Math.Min(ChunkNumbers, w.Length - start);
                FillChunk(noise, step, firstIndex + start, numbers, count);
                TVector square = TSimd.Zero;
                for (int j = 0; j < count; j += TSimd.Count)
                {
                    int here = start + j;
                    int left = count - j;
                    TVector p = TSimd.FusedMultiplyAdd(
                        fresh,
                        LoadUpTo(numbers + j, left),
                        TSimd.Multiply(keep, LoadUpTo(momenta + here, left))
                    );
                    square = TSimd.FusedMultiplyAdd(p, p, square);
                    StoreUpTo(p, momenta + here, left);
                    StoreUpTo(TSimd.FusedMultiplyAdd(drift, p, LoadUpTo(parameters + here, left)), parameters + here, left);
                }

                sum += TSimd.Sum(square);
            }
        }

        return sum;
    }

    /// <summary>A vector, with zeros behind the end of the data.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LoadUpTo(float* source, int left) => left >= TSimd.Count ? TSimd.Load(source) : TSimd.LoadPartial(source, left);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreUpTo(TVector vector, float* destination, int left)
    {
        if (left >= TSimd.Count)
        {
            TSimd.Store(vector, destination);
        }
        else
        {
            TSimd.StorePartial(vector, destination, left);
        }
    }

    /// <summary>factor·F, F = nβ·g + γ(w − w*) + δw; the products of constants are formed in float64 and rounded once.</summary>
    private readonly struct ForceConstants(SgldOptions options, double factor)
    {
        private readonly TVector _gradient = TSimd.Broadcast((float)(factor * options.NBeta));
        private readonly TVector _spring = TSimd.Broadcast((float)(factor * options.Localization));
        private readonly TVector _decay = TSimd.Broadcast((float)(factor * options.WeightDecay));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector At(TVector w, TVector gradient, TVector offset) =>
            TSimd.FusedMultiplyAdd(_decay, w, TSimd.FusedMultiplyAdd(_spring, offset, TSimd.Multiply(_gradient, gradient)));
    }

    private readonly struct PreconditionerConstants(RmsPropOptions options)
    {
        private readonly TVector _decay = TSimd.Broadcast((float)options.Decay);
        private readonly TVector _gain = TSimd.Broadcast((float)(1 - options.Decay));
        private readonly TVector _correction = TSimd.Broadcast((float)options.Correction);
        private readonly TVector _offset = TSimd.Broadcast((float)options.Offset);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Update(TVector gradient, ref TVector moment)
        {
            moment = TSimd.FusedMultiplyAdd(TSimd.Multiply(_gain, gradient), gradient, TSimd.Multiply(_decay, moment));
            TVector root = TSimd.Sqrt(TSimd.Multiply(_correction, moment));
            return TSimd.Divide(TSimd.Broadcast(1), TSimd.Add(root, _offset));
        }
    }
}
