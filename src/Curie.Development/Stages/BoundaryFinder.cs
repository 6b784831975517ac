using Curie.Numerics.Random;

namespace Curie.Development.Stages;

/// <summary>
/// Boundaries between stages: where the slope of the smoothed curve in log step has the smallest size, its changes of sign included. How
/// sure a
/// boundary is comes from draws of the slope's posterior: each has its own boundary, or none, in the neighbourhood, which reaches to the
/// steepest
/// points on both sides.
/// </summary>
internal static class BoundaryFinder
{
    /// <summary>Finds the boundaries, from left to right.</summary>
    /// <param name="slopes">The slope's posterior on an even grid.</param>
    /// <param name="options">How.</param>
    public static IReadOnlyList<StageBoundary> Find(CurvePosterior slopes, StageOptions options)
    {
        (double[] x, double[] mean, double[] deviations) = (slopes.Points, slopes.Mean, slopes.StandardDeviations);
        double limit = options.PlateauSlope ?? (0.5 * mean.Max(Math.Abs));
        IReadOnlyList<SlopeFeature> features = SlopeFeatures.All(x, mean, limit);
        if (features.Count == 0)
        {
            return [];
        }

        int[] cuts = Cuts(mean, features);
        List<double>[] places = [.. features.Select(_ => new List<double>(options.Draws))];
        PhiloxStream random = new(PhiloxKey.Derive(options.Seed, RandomPurpose.Bootstrap, "stages"));
        foreach (double[] draw in slopes.Draws(options.Draws, random))
        {
            for (int b = 0; b < places.Length; b++)
            {
                Range neighbourhood = cuts[b]..(cuts[b + 1] + 1);
                if (
                    SlopeFeatures.Counterpart(features[b].Kind, x.AsSpan()[neighbourhood], draw.AsSpan()[neighbourhood], limit) is { } place
                )
                {
                    places[b].Add(place);
                }
            }
        }

        return [.. features.Select((feature, b) => Describe(feature, places[b]))];

        StageBoundary Describe(SlopeFeature feature, List<double> found)
        {
            found.Sort();
            double tail = 0.5 * (1 - options.Confidence);
            int nearest = feature.LogStep - x[feature.Index] <= x[feature.Index + 1] - feature.LogStep ? feature.Index : feature.Index + 1;
            return new StageBoundary(
                feature.Kind,
                feature.LogStep,
                Math.Min(feature.LogStep, Quantile(found, tail, feature.LogStep)),
                Math.Max(feature.LogStep, Quantile(found, 1 - tail, feature.LogStep)),
                feature.Kind == BoundaryKind.Plateau ? mean[nearest] : 0,
                deviations[nearest],
                (double)found.Count / options.Draws
            );
        }
    }

    /// <summary>The grid points at which the neighbourhoods of boundaries meet: the steepest between two of them, and the ends.</summary>
    private static int[] Cuts(double[] slope, IReadOnlyList<SlopeFeature> features)
    {
        int[] cuts = new int[features.Count + 1];
        cuts[^1] = slope.Length - 1;
        for (int b = 1; b < features.Count; b++)
        {
            int first = features[b - 1].Index + 1;
            cuts[b] = Enumerable.Range(first, Math.Max(1, features[b].Index - first + 1)).MaxBy(i => Math.Abs(slope[i]));
        }

        return cuts;
    }

    private static double Quantile(List<double> sorted, double share, double whereNone) =>
        sorted.Count == 0 ? whereNone : sorted[(int)Math.Round(share * (sorted.Count - 1))];
}
