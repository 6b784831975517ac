using Curie.Development.Clustering;
using Curie.Development.Stages;
using Curie.Development.Trajectories;
using Curie.Numerics;
using Curie.Response.Modes;
using Curie.Studies.Progress;

namespace Curie.Studies.Development;

/// <summary>A component's curve with its stages.</summary>
/// <param name="Source">What the table holds.</param>
/// <param name="Stages">What was found.</param>
/// <param name="Loss">The fitted loss; null where the table has none.</param>
public sealed record CurveStages(ComponentCurve Source, StageAnalysis Stages, GaussianProcess? Loss);

/// <summary>Heads whose curves were clustered.</summary>
/// <param name="Group"><c>heads</c>, or the layer as <c>l0</c>.</param>
/// <param name="Data">The data set.</param>
/// <param name="Components">The heads, in order.</param>
/// <param name="Clusters">Their clusters.</param>
public sealed record HeadClusters(string Group, string Data, IReadOnlyList<string> Components, CurveClustering Clusters);

/// <summary>How a curve's boundaries agree with the trajectory.</summary>
/// <param name="Component">The component.</param>
/// <param name="Data">The data set.</param>
/// <param name="Points"><c>forms</c> or <c>vertices</c>: what of the trajectory is compared.</param>
/// <param name="Agreement">The agreement.</param>
public sealed record TrajectoryAgreement(string Component, string Data, string Points, StageAgreement Agreement);

/// <summary>Everything that <c>curie stages</c> finds out.</summary>
public sealed record DevelopmentStudy(
    StageOptions StageOptions,
    CurveClusteringOptions ClusteringOptions,
    IReadOnlyList<CurveStages> Curves,
    IReadOnlyList<HeadClusters> Clusters,
    EssentialDynamics? Dynamics,
    IReadOnlyList<TrajectoryAgreement> Agreements
)
{
    private const int FewestHeads = 3;

    /// <summary>The curves by the data sets that they are of, in the order of the table.</summary>
    public IReadOnlyList<DataStages> ByData =>
        [.. Curves.GroupBy(curve => curve.Source.Data).Select(data => new DataStages(data.Key, [.. data]))];

    /// <summary>What sets the clusters apart in the heads' scores, where scores were given.</summary>
    public IReadOnlyList<ClusterContrasts> Contrasts { get; init; } = [];

    /// <summary>Smooths, divides, clusters and compares.</summary>
    /// <param name="sources">The curves of learning coefficients; none where only a trajectory is looked at.</param>
    /// <param name="stages">How stages are found.</param>
    /// <param name="clustering">How heads' curves are clustered.</param>
    /// <param name="byLayer">Whether the heads of every layer are clustered by themselves.</param>
    /// <param name="dynamics">The essential dynamics of the outputs; null where they are not looked at.</param>
    /// <param name="progress">Told after every curve.</param>
    /// <param name="cancellation">Stops between two curves.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="InputException">More clusters are asked for than there are heads.</exception>
    public static DevelopmentStudy Of(
        IReadOnlyList<ComponentCurve> sources,
        StageOptions stages,
        CurveClusteringOptions clustering,
        bool byLayer,
        EssentialDynamics? dynamics,
        IProgress<StudyProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(sources);
        List<CurveStages> curves = [];
        WorkCounter counter = new(progress, "fitting", "curves", sources.Count);
        foreach (ComponentCurve source in sources)
        {
            cancellation.ThrowIfCancellationRequested();
            GaussianProcess? loss = FittedLoss(source, curves, stages);
            curves.Add(new CurveStages(source, StageAnalysis.Of(source.Coefficient, loss, stages), loss));
            counter.Advance(1);
        }

        return new DevelopmentStudy(
            stages,
            clustering,
            curves,
            [.. Groups(curves, byLayer).Select(group => Cluster(group.Name, group.Heads, stages, clustering))],
            dynamics,
            dynamics is null ? [] : [.. curves.SelectMany(curve => Agreement(curve, dynamics, stages))]
        );
    }

    /// <summary>Components measured on the same rows share their loss, which is then fitted once.</summary>
    private static GaussianProcess? FittedLoss(ComponentCurve source, List<CurveStages> before, StageOptions options)
    {
        if (source.Loss is not { } loss)
        {
            return null;
        }

        CurveStages? same = before.Find(curve =>
            curve.Source.Loss is { } other
            && other.Steps.AsSpan().SequenceEqual(loss.Steps)
            && other.Values.AsSpan().SequenceEqual(loss.Values)
        );
        return same?.Loss ?? GaussianProcess.Fit(loss, options.Smoothing);
    }

    private static IEnumerable<(string Name, CurveStages[] Heads)> Groups(List<CurveStages> curves, bool byLayer) =>
        curves
            .Where(curve => HeadName.Is(curve.Source.Component))
            .GroupBy(curve => (Layer: byLayer ? $"l{HeadName.LayerOf(curve.Source.Component)}" : "heads", curve.Source.Data))
            .Where(group => group.Count() >= FewestHeads)
            .Select(group => (group.Key.Layer, group.ToArray()));

    private static HeadClusters Cluster(string name, CurveStages[] heads, StageOptions stages, CurveClusteringOptions options)
    {
        if (options.Clusters > heads.Length)
        {
            throw new InputException(
                $"{options.Clusters} clusters are more than the {Counted.Of(heads.Length, "head")} of the group {name}; ask for fewer."
            );
        }

        // The heads' own grids differ where a checkpoint of one was left out; what all of them cover is compared.
        double first = heads.Max(head => head.Stages.Values.Points[0]);
        double last = heads.Min(head => head.Stages.Values.Points[^1]);
        double[] grid =
        [
            .. Enumerable.Range(0, stages.GridPoints / 4).Select(i => first + ((last - first) * i / ((stages.GridPoints / 4) - 1))),
        ];
        return new HeadClusters(
            name,
            heads[0].Source.Data,
            [.. heads.Select(head => head.Source.Component)],
            CurveClustering.Of([.. heads.Select(head => head.Stages.Process.Values(grid).Mean)], options)
        );
    }

    private static IEnumerable<TrajectoryAgreement> Agreement(CurveStages curve, EssentialDynamics dynamics, StageOptions options)
    {
        StageBoundary[] boundaries = [.. curve.Stages.Boundaries.Where(boundary => boundary.Support >= options.LeastSupport)];
        (string Name, double[] Steps)[] kinds =
        [
            ("forms", [.. dynamics.Forms.Select(form => dynamics.StepAt(form.Index))]),
            ("vertices", [.. dynamics.Planes[0].Points.Select(point => dynamics.StepAt(point.Index))]),
        ];
        return from kind in kinds
            let agreement = StageAgreement.Of(boundaries, kind.Steps, dynamics.Steps[0], dynamics.Steps[^1], options.Seed)
            where agreement is not null
            select new TrajectoryAgreement(curve.Source.Component, curve.Source.Data, kind.Name, agreement);
    }
}
