namespace Curie.Development.Stages;

/// <summary>A curve of learning coefficients smoothed, with its boundaries and the stages between them.</summary>
public sealed class StageAnalysis
{
    private StageAnalysis(DevelopmentCurve curve, GaussianProcess process, CurvePosterior values, CurvePosterior slopes)
    {
        Curve = curve;
        Process = process;
        Values = values;
        Slopes = slopes;
    }

    /// <summary>What was measured.</summary>
    public DevelopmentCurve Curve { get; }

    /// <summary>What was fitted.</summary>
    public GaussianProcess Process { get; }

    /// <summary>The posterior of the curve on an even grid of log step from the first checkpoint to the last.</summary>
    public CurvePosterior Values { get; }

    /// <summary>The posterior of its slope per log step on the same grid.</summary>
    public CurvePosterior Slopes { get; }

    /// <summary>All boundaries, also those with little support.</summary>
    public IReadOnlyList<StageBoundary> Boundaries { get; private init; } = [];

    /// <summary>The stages between the boundaries whose support is at least <see cref="StageOptions.LeastSupport"/>.</summary>
    public IReadOnlyList<Stage> Stages { get; private init; } = [];

    /// <summary>Finds the stages of a curve.</summary>
    /// <param name="coefficient">λ̂ at the checkpoints.</param>
    /// <param name="loss">The fitted loss of the same training run, or null.</param>
    /// <param name="options">How.</param>
    public static StageAnalysis Of(DevelopmentCurve coefficient, GaussianProcess? loss = null, StageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(coefficient);
        options ??= new StageOptions();
        GaussianProcess process = GaussianProcess.Fit(coefficient, options.Smoothing);
        double[] grid = Grid(coefficient, options.GridPoints);
        CurvePosterior slopes = process.Slopes(grid);
        IReadOnlyList<StageBoundary> boundaries = BoundaryFinder.Find(slopes, options);
        double[] ends =
        [
            grid[0],
            .. boundaries.Where(boundary => boundary.Support >= options.LeastSupport).Select(boundary => boundary.LogStep),
            grid[^1],
        ];
        CurvePosterior coefficients = process.Values(ends);
        CurvePosterior? losses = loss?.Values(ends);
        return new StageAnalysis(coefficient, process, process.Values(grid), slopes)
        {
            Boundaries = boundaries,
            Stages = [.. Enumerable.Range(0, ends.Length - 1).Select(Between)],
        };

        Stage Between(int stage) =>
            new(
                stage + 1,
                DevelopmentCurve.Step(ends[stage]),
                DevelopmentCurve.Step(ends[stage + 1]),
                ChangeOf(coefficients, stage),
                losses is null ? null : ChangeOf(losses, stage)
            );
    }

    /// <summary>Even points of log step from a curve's first checkpoint to its last.</summary>
    public static double[] Grid(DevelopmentCurve curve, int points)
    {
        ArgumentNullException.ThrowIfNull(curve);
        (double first, double last) = (DevelopmentCurve.LogStep(curve.Steps[0]), DevelopmentCurve.LogStep(curve.Steps[^1]));
        return [.. Enumerable.Range(0, points).Select(i => first + ((last - first) * i / (points - 1)))];
    }

    private static Change ChangeOf(CurvePosterior values, int stage)
    {
        (double mean, double error) = values.Difference(stage, stage + 1);
        return new Change(mean, error);
    }
}
