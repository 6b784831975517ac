namespace Curie.Development.Clustering;

/// <summary>What is done to every curve before curves are compared.</summary>
public enum CurveNormalization
{
    /// <summary>Nothing: sizes count.</summary>
    None,

    /// <summary>(x − min)/(max − min): from 0 to 1.</summary>
    MinMax,

    /// <summary>(x − mean)/standard deviation: shape alone counts.</summary>
    Standardise,
}

/// <summary>Normalises curves.</summary>
public static class CurveNormalizations
{
    /// <summary>A normalised copy; a constant curve becomes 0 under all but <see cref="CurveNormalization.None"/>.</summary>
    public static double[] Apply(this CurveNormalization normalization, double[] curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        (double shift, double scale) = normalization switch
        {
            CurveNormalization.MinMax => (curve.Min(), curve.Max() - curve.Min()),
            CurveNormalization.Standardise => (curve.Average(), Deviation(curve)),
            _ => (0, 1),
        };
        return Array.ConvertAll(curve, value => scale > 0 ? (value - shift) / scale : 0);
    }

    private static double Deviation(double[] curve)
    {
        double mean = curve.Average();
        return Math.Sqrt(curve.Average(value => (value - mean) * (value - mean)));
    }
}
