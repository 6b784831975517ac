using Curie.Numerics;
using Curie.Page.Data;
using Curie.Studies.Development;
using Curie.Studies.Development.Records;

namespace Curie.Page;

/// <summary>
/// What a page shows of a training run: curves, clusters and trajectory that <c>curie stages</c> kept, and scores (docs/formats.md,
/// `development`).
/// </summary>
internal static class PageDevelopment
{
    /// <summary>The points of a smooth curve, where there are few curves and where there are many.</summary>
    private const int MostPoints = 256;
    private const int FewestPoints = 64;
    private const int MostPointsOfAll = 20_000;
    private const double Confidence = 0.95;

    /// <summary>Reads them.</summary>
    /// <param name="folder">A folder that <c>curie stages</c> wrote.</param>
    /// <param name="scores">A folder of scores over checkpoints, or null.</param>
    /// <exception cref="InputException">A file is missing or damaged.</exception>
    public static DevelopmentData Of(string folder, string? scores)
    {
        StagesRecord stages = StagesFiles.Read(folder);
        int points = Math.Clamp(MostPointsOfAll / Math.Max(1, stages.Curves.Count), FewestPoints, MostPoints);
        return new DevelopmentData(
            PageJson.FolderName(folder),
            stages.Settings.Confidence,
            [.. stages.Curves.Select(curve => Curve(curve, points))],
            [.. stages.Clusters.Select(ClusterData.Of)],
            stages.Dynamics is { } dynamics ? DynamicsData.Of(dynamics) : null,
            stages.Agreement,
            scores is null ? null : ScoreCurves.Read(scores),
            Course: null
        );
    }

    /// <summary>What runs of several checkpoints say by themselves.</summary>
    /// <param name="name">The name of the folder that holds them.</param>
    /// <param name="scores">A folder of scores over checkpoints, or null.</param>
    /// <exception cref="InputException">The folder holds no scores, or they are damaged.</exception>
    public static DevelopmentData OfRuns(string name, string? scores) =>
        new(name, Confidence, [], [], Dynamics: null, [], scores is null ? null : ScoreCurves.Read(scores), Course: null);

    private static CurveData Curve(CurveRecord curve, int points)
    {
        int[] kept = Spread(curve.Smooth.LogStep.Count, points);
        return new CurveData(
            curve.Component,
            curve.Data,
            curve.Measured,
            curve.LeftOut,
            curve.Fit,
            curve.LossFit,
            curve.Boundaries,
            curve.Stages,
            new SmoothData(
                Picked(curve.Smooth.LogStep),
                Picked(curve.Smooth.Value),
                Picked(curve.Smooth.ValueSd),
                curve.Smooth.Loss is { } loss ? Picked(loss) : null,
                curve.Smooth.LossSd is { } deviations ? Picked(deviations) : null
            )
        );

        double[] Picked(IReadOnlyList<double> values) => Array.ConvertAll(kept, i => values[i]);
    }

    /// <summary>So many of the first places, evenly, both ends among them.</summary>
    private static int[] Spread(int places, int wanted) =>
        wanted >= places
            ? [.. Enumerable.Range(0, places)]
            : [.. Enumerable.Range(0, wanted).Select(i => (int)Math.Round((double)i * (places - 1) / (wanted - 1)))];
}
