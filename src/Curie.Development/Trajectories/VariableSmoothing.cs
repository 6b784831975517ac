namespace Curie.Development.Trajectories;

/// <summary>
/// A Gaussian filter whose width depends on the point that is computed: y_t = Σ_s w_ts x_s with w ∝ exp(−(s − t)²/(2σ_t²)) for |s − t| ≤
/// 4σ_t, the
/// curve continued past its ends by reflection, edge values repeated (…, x_1, x_0 | x_0, x_1, …).
/// </summary>
public static class VariableSmoothing
{
    private const double Reach = 4;

    /// <summary>Smooths with a width that goes linearly from one value at the first point to another at the last.</summary>
    /// <param name="values">The curve.</param>
    /// <param name="firstWidth">σ at the first point, in points; 0 for none.</param>
    /// <param name="lastWidth">σ at the last point.</param>
    public static double[] Apply(IReadOnlyList<double> values, double firstWidth, double lastWidth)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegative(firstWidth);
        ArgumentOutOfRangeException.ThrowIfNegative(lastWidth);
        int last = values.Count - 1;
        return
        [
            .. Enumerable
                .Range(0, values.Count)
                .Select(t => At(values, t, last == 0 ? firstWidth : firstWidth + ((lastWidth - firstWidth) * t / last))),
        ];
    }

    private static double At(IReadOnlyList<double> values, int t, double width)
    {
        int reach = (int)(Reach * width);
        (double sum, double weights) = (0, 0);
        for (int offset = -reach; offset <= reach; offset++)
        {
            double weight = width > 0 ? Math.Exp(-0.5 * offset * offset / (width * width)) : 1;
            sum += weight * values[Reflected(t + offset, values.Count)];
            weights += weight;
        }

        return sum / weights;
    }

    private static int Reflected(int index, int count)
    {
        int place = ((index % (2 * count)) + (2 * count)) % (2 * count);
        return place < count ? place : (2 * count) - 1 - place;
    }
}
