namespace Curie.Development.Stages;

/// <summary>The critical points of a curve, read off its slope on an even grid.</summary>
internal static class SlopeFeatures
{
    /// <summary>
    /// Where |slope| has a local minimum below a limit, from left to right: changes of sign, between two grid points by a straight line,
    /// and minima
    /// without a change of sign, by a parabola. The ends of the grid are none.
    /// </summary>
    public static IReadOnlyList<SlopeFeature> All(ReadOnlySpan<double> x, ReadOnlySpan<double> slope, double plateauSlope)
    {
        List<SlopeFeature> features = [];
        for (int i = 0; i + 1 < slope.Length; i++)
        {
            if (slope[i] > 0 != slope[i + 1] > 0)
            {
                double share = slope[i] / (slope[i] - slope[i + 1]);
                BoundaryKind kind = slope[i] > 0 ? BoundaryKind.Maximum : BoundaryKind.Minimum;
                features.Add(new SlopeFeature(kind, x[i] + (share * (x[i + 1] - x[i])), 0, i));
            }
            else if (i > 0 && IsPlateau(slope, i) && Math.Abs(slope[i]) < plateauSlope)
            {
                double curvature = slope[i - 1] - (2 * slope[i]) + slope[i + 1];
                double offset = curvature == 0 ? 0 : 0.5 * (slope[i - 1] - slope[i + 1]) / curvature;
                features.Add(new SlopeFeature(BoundaryKind.Plateau, x[i] + (offset * (x[i + 1] - x[i])), Math.Abs(slope[i]), i));
            }
        }

        return features;
    }

    /// <summary>
    /// The feature of a draw that stands for one of the mean: of extrema that which is highest or lowest, of plateaus the flattest point;
    /// null if there is none.
    /// </summary>
    /// <param name="kind">What is looked for.</param>
    /// <param name="x">The grid inside the neighbourhood.</param>
    /// <param name="slope">The draw's slopes there.</param>
    /// <param name="plateauSlope">The limit for plateaus.</param>
    public static double? Counterpart(BoundaryKind kind, ReadOnlySpan<double> x, ReadOnlySpan<double> slope, double plateauSlope)
    {
        IReadOnlyList<SlopeFeature> features = All(x, slope, plateauSlope);
        if (kind == BoundaryKind.Plateau)
        {
            return features.MinBy(feature => feature.Size)?.LogStep;
        }

        double[] height = Integral(x, slope);
        IEnumerable<SlopeFeature> extrema = features.Where(feature => feature.Kind == kind);
        return (
            kind == BoundaryKind.Maximum ? extrema.MaxBy(feature => height[feature.Index]) : extrema.MinBy(feature => height[feature.Index])
        )?.LogStep;
    }

    private static bool IsPlateau(ReadOnlySpan<double> slope, int i)
    {
        bool sameSign = slope[i - 1] > 0 == slope[i] > 0 && slope[i] > 0 == slope[i + 1] > 0;
        return sameSign && Math.Abs(slope[i]) < Math.Abs(slope[i - 1]) && Math.Abs(slope[i]) <= Math.Abs(slope[i + 1]);
    }

    /// <summary>The curve itself up to a constant, by the trapezoidal rule.</summary>
    private static double[] Integral(ReadOnlySpan<double> x, ReadOnlySpan<double> slope)
    {
        double[] height = new double[x.Length];
        for (int i = 1; i < height.Length; i++)
        {
            height[i] = height[i - 1] + (0.5 * (slope[i - 1] + slope[i]) * (x[i] - x[i - 1]));
        }

        return height;
    }
}
