using Curie.Numerics;

namespace Curie.Development.Trajectories;

/// <summary>
/// Essential dynamics (Hoogland et al. 2024): outputs on fixed inputs at every checkpoint, their first principal components over training,
/// smoothed,
/// and the geometry of their projections on planes.
/// </summary>
public sealed class EssentialDynamics
{
    /// <summary>The fewest checkpoints whose trajectory is looked at.</summary>
    public const int FewestCheckpoints = 8;

    private EssentialDynamics(double[] steps, TrajectoryComponents components, double[][] smoothed, double[] widths)
    {
        Steps = steps;
        Components = components;
        Smoothed = smoothed;
        (FirstWidth, LastWidth) = (widths[0], widths[1]);
    }

    /// <summary>The updates made before each checkpoint.</summary>
    public double[] Steps { get; }

    /// <summary>The principal components, not smoothed.</summary>
    public TrajectoryComponents Components { get; }

    /// <summary>The smoothed scores, one array per component.</summary>
    public double[][] Smoothed { get; }

    /// <summary>The σ used at the first checkpoint.</summary>
    public double FirstWidth { get; }

    /// <summary>The σ used at the last checkpoint.</summary>
    public double LastWidth { get; }

    /// <summary>Every plane of two components.</summary>
    public IReadOnlyList<TrajectoryPlane> Planes { get; private init; } = [];

    /// <summary>The forms, in order of time.</summary>
    public IReadOnlyList<Form> Forms { get; private init; } = [];

    /// <summary>Computes them.</summary>
    /// <param name="steps">The updates made before each checkpoint, rising.</param>
    /// <param name="outputs">Checkpoints × outputs.</param>
    /// <param name="options">How.</param>
    /// <exception cref="InputException">There are too few checkpoints, or an output is no finite number.</exception>
    public static EssentialDynamics Of(
        IReadOnlyList<double> steps,
        IReadOnlyList<double[]> outputs,
        EssentialDynamicsOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(outputs);
        options ??= new EssentialDynamicsOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Components, 2);
        int least = Math.Max(FewestCheckpoints, options.Components + 1);
        if (outputs.Count < least)
        {
            throw new InputException(
                $"there {Counted.Word(outputs.Count, "is", "are")} {Counted.Of(outputs.Count, "checkpoint")} and essential dynamics "
                    + $"needs at least {least}; keep more checkpoints in training."
            );
        }

        double[] widths = [options.FirstWidth, options.LastWidth ?? Math.Max(1, outputs.Count / 50.0)];
        TrajectoryComponents components = TrajectoryComponents.Of(outputs, options.Components);
        double[][] smoothed = [.. components.Scores.Select(scores => VariableSmoothing.Apply(scores, widths[0], widths[1]))];
        TrajectoryPlane[] planes =
        [
            .. from i in Enumerable.Range(0, options.Components)
            from j in Enumerable.Range(i + 1, options.Components - 1 - i)
            let curve = new PlaneCurve(smoothed[i], smoothed[j])
            select new TrajectoryPlane(i, j, OsculatingCircle.Of(curve), CurvePoints.All(curve)),
        ];
        return new EssentialDynamics([.. steps], components, smoothed, widths)
        {
            Planes = planes,
            Forms =
            [
                .. Form.Find(
                        smoothed,
                        planes.ToDictionary(plane => (plane.I, plane.J), plane => plane.Points),
                        options.FormWindow ?? Math.Max(2, outputs.Count / 20.0)
                    )
                    .Where(form => form.Discrepancy <= options.MostDiscrepancy),
            ],
        };
    }

    /// <summary>The step at an index between checkpoints, straight in log(step + 1).</summary>
    public double StepAt(double index)
    {
        int before = Math.Clamp((int)index, 0, Steps.Length - 2);
        double share = index - before;
        return Math.Exp(((1 - share) * Math.Log(Steps[before] + 1)) + (share * Math.Log(Steps[before + 1] + 1))) - 1;
    }
}
