using Curie.Numerics.Random;

namespace Curie.Numerics.Kernels;

public sealed unsafe partial class ReferenceKernels
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
    ) => RmsPropSgldUpdate(w, gradient, origin, new float[w.Length], options, new RmsPropOptions(1, 1, 1), noise, step, firstIndex);

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
        UpdateSums sums = default;
        for (int i = 0; i < w.Length; i++)
        {
            double v = (rmsProp.Decay * secondMoment[i]) + ((1 - rmsProp.Decay) * gradient[i] * gradient[i]);
            double scale = 1 / (Math.Sqrt(rmsProp.Correction * v) + rmsProp.Offset);
            double drift = options.StepSize / 2 * Force(w[i], gradient[i], origin[i], options);
            double eta = options.NoiseLevel == 0 ? 0 : Gaussian(noise, step, firstIndex + i);
            double offset = (double)w[i] - origin[i];
            sums += new UpdateSums(scale * drift * drift, gradient[i] * offset, offset * offset);
            secondMoment[i] = (float)v;
            w[i] = (float)(w[i] - (scale * drift) + (Math.Sqrt(options.StepSize * scale) * options.NoiseLevel * eta));
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
        double h = Math.Sqrt(options.StepSize);
        UpdateSums sums = default;
        for (int i = 0; i < w.Length; i++)
        {
            double p = momentum[i] - (h * Force(w[i], gradient[i], origin[i], options));
            double offset = (double)w[i] - origin[i];
            sums += new UpdateSums(p * p, gradient[i] * offset, offset * offset);
            momentum[i] = (float)p;
            w[i] = (float)(w[i] + (h / 2 * p));
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
        double square = 0;
        for (int i = 0; i < w.Length; i++)
        {
            double p = (options.Keep * momentum[i]) + (options.Fresh * Gaussian(noise, step, firstIndex + i));
            square += p * p;
            momentum[i] = (float)p;
            w[i] = (float)(w[i] + (options.Drift * p));
        }

        return square;
    }

    private static double Force(double w, double gradient, double origin, SgldOptions options) =>
        (options.NBeta * gradient) + (options.Localization * (w - origin)) + (options.WeightDecay * w);
}
