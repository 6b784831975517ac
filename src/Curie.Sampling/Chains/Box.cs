namespace Curie.Sampling.Chains;

/// <summary>A box around w* with reflecting walls.</summary>
internal static class Box
{
    /// <summary>
    /// Folds every u = w − w* into [−s, s]: the path of a step is reflected at each wall it meets. As a mirror image has the density of
    /// its original, a symmetric step keeps the uniform law; clamping would pile mass on the walls. Weights inside keep their bits.
    /// </summary>
    /// <param name="w">The weights; afterwards |w − w*| ≤ s in float64 for every one that is not NaN.</param>
    /// <param name="origin">w*.</param>
    /// <param name="radius">s, above 0 and finite.</param>
    public static void Reflect(Span<float> w, ReadOnlySpan<float> origin, double radius)
    {
        for (int i = 0; i < w.Length; i++)
        {
            double offset = (double)w[i] - origin[i];
            if (Math.Abs(offset) > radius)
            {
                w[i] = Inside(origin[i], Fold(offset, radius), radius);
            }
        }
    }

    private static double Fold(double offset, double radius)
    {
        double phase = Math.IEEERemainder(offset, 4 * radius);
        return Math.Abs(phase) <= radius ? phase : Math.CopySign(2 * radius, phase) - phase;
    }

    /// <summary>Rounding to float32 must not step over the wall.</summary>
    private static float Inside(float origin, double offset, double radius)
    {
        float rounded = (float)(origin + offset);
        double error = rounded - (double)origin;
        return error > radius ? MathF.BitDecrement(rounded)
            : error < -radius ? MathF.BitIncrement(rounded)
            : rounded;
    }
}
