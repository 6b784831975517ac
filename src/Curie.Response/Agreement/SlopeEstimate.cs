namespace Curie.Response.Agreement;

/// <summary>
/// A slope through the origin of y on x over the tokens of one or several components, each scaled to |x| = 1 first so that none outweighs
/// the others by its size:
/// <code>
/// slope = Σ_c ⟨x_c, y_c⟩/|x_c|² / Σ_c signal_c/|x_c|²
/// </code>
/// with the signal, |x_c|² without noise, in the denominator: noise in x would draw a least-squares slope towards 0 by its share of |x|².
/// Its variance is that of the jackknife
/// over the batches of x, (B − 1)/B·Σ(slope_b − mean)², slope_b without batch b of all components, plus that over the batches of y, as the
/// runs are
/// independent. Tokens, which are far from it, are never resampled.
/// </summary>
/// <param name="Slope">The slope; NaN where the noise of x leaves no signal.</param>
/// <param name="StandardError">Its standard error; NaN where too few batches are there.</param>
/// <param name="DegreesOfFreedom">Those of the error, B − 1 of the two runs put together by Satterthwaite's formula.</param>
internal sealed record SlopeEstimate(double Slope, double StandardError, double DegreesOfFreedom)
{
    /// <summary>Estimates a slope.</summary>
    /// <param name="components">The products of every component.</param>
    public static SlopeEstimate Of(IReadOnlyList<SlopeProducts> components)
    {
        double signal = components.Sum(one => one.Signal / one.Whole);
        if (!(signal > 0))
        {
            return new SlopeEstimate(double.NaN, double.NaN, double.NaN);
        }

        double slope = components.Sum(one => one.Cross / one.Whole) / signal;
        (double x, int xBatches) = Jackknife(components, one => one.XLabels, WithoutX);
        (double y, int yBatches) = Jackknife(
            components,
            one => one.YLabels,
            (one, batch) => (batch < 0 ? one.Cross : one.CrossWithoutY(batch), one.Signal)
        );
        double degrees = (x + y) * (x + y) / ((x * x / (xBatches - 1)) + (y * y / (yBatches - 1)));
        return new SlopeEstimate(slope, Math.Sqrt(x + y), degrees);
    }

    private static (double Cross, double Signal) WithoutX(SlopeProducts one, int batch) =>
        batch < 0 ? (one.Cross, one.Signal) : (one.CrossWithoutX(batch), one.SignalWithout[batch]);

    private static (double Variance, int Batches) Jackknife(
        IReadOnlyList<SlopeProducts> components,
        Func<SlopeProducts, (int Unit, int Batch)[]> labels,
        Func<SlopeProducts, int, (double Cross, double Signal)> without
    )
    {
        (int Unit, int Batch)[] all = [.. components.SelectMany(labels).Distinct()];
        double[] slopes =
        [
            .. all.Select(label =>
            {
                (double cross, double signal) = (0, 0);
                foreach (SlopeProducts one in components)
                {
                    (double oneCross, double oneSignal) = without(one, Array.IndexOf(labels(one), label));
                    cross += oneCross / one.Whole;
                    signal += oneSignal / one.Whole;
                }

                return cross / signal;
            }),
        ];
        double mean = slopes.Average();
        return ((slopes.Length - 1.0) / slopes.Length * slopes.Sum(slope => (slope - mean) * (slope - mean)), slopes.Length);
    }
}
