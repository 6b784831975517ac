namespace Curie.Numerics.Kernels;

internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    /// <inheritdoc/>
    public override void AdamWUpdate(
        Span<float> parameters,
        ReadOnlySpan<float> gradient,
        Span<float> firstMoment,
        Span<float> secondMoment,
        AdamWOptions options,
        long step
    )
    {
        CheckLength(gradient.Length, parameters.Length);
        CheckLength(firstMoment.Length, parameters.Length);
        CheckLength(secondMoment.Length, parameters.Length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        var constants = new AdamWConstants(options, step);
        int length = parameters.Length;
        fixed (
            float* w = parameters,
                g = gradient,
                m = firstMoment,
                v = secondMoment
        )
        {
            int j = 0;
            for (; j + TSimd.Count <= length; j += TSimd.Count)
            {
                TVector first = TSimd.Load(m + j);
                TVector second = TSimd.Load(v + j);
                TSimd.Store(constants.Update(TSimd.Load(w + j), TSimd.Load(g + j), ref first, ref second), w + j);
                TSimd.Store(first, m + j);
                TSimd.Store(second, v + j);
            }

            int rest = length - j;
            if (rest > 0)
            {
                TVector first = TSimd.LoadPartial(m + j, rest);
                TVector second = TSimd.LoadPartial(v + j, rest);
                TVector updated = constants.Update(TSimd.LoadPartial(w + j, rest), TSimd.LoadPartial(g + j, rest), ref first, ref second);
                TSimd.StorePartial(updated, w + j, rest);
                TSimd.StorePartial(first, m + j, rest);
                TSimd.StorePartial(second, v + j, rest);
            }
        }
    }

    /// <summary>The scalars of an AdamW update, computed in float64 and rounded once, as PyTorch does.</summary>
    private readonly struct AdamWConstants(AdamWOptions options, long step)
    {
        private readonly TVector _decay = TSimd.Broadcast((float)(1 - (options.LearningRate * options.WeightDecay)));
        private readonly TVector _gain1 = TSimd.Broadcast((float)(1 - options.Beta1));
        private readonly TVector _beta2 = TSimd.Broadcast((float)options.Beta2);
        private readonly TVector _gain2 = TSimd.Broadcast((float)(1 - options.Beta2));
        private readonly TVector _rootCorrection2 = TSimd.Broadcast((float)Math.Sqrt(1 - Math.Pow(options.Beta2, step)));
        private readonly TVector _epsilon = TSimd.Broadcast((float)options.Epsilon);
        private readonly TVector _negativeRate = TSimd.Broadcast((float)(-options.LearningRate / (1 - Math.Pow(options.Beta1, step))));

        public TVector Update(TVector w, TVector g, ref TVector m, ref TVector v)
        {
            m = TSimd.FusedMultiplyAdd(_gain1, TSimd.Subtract(g, m), m);
            v = TSimd.FusedMultiplyAdd(TSimd.Multiply(_gain2, g), g, TSimd.Multiply(v, _beta2));
            TVector denominator = TSimd.Add(TSimd.Divide(TSimd.Sqrt(v), _rootCorrection2), _epsilon);
            return TSimd.FusedMultiplyAdd(_negativeRate, TSimd.Divide(m, denominator), TSimd.Multiply(w, _decay));
        }
    }
}
