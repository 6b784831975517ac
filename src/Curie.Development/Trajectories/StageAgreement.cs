using Curie.Development.Stages;
using Curie.Numerics.Random;

namespace Curie.Development.Trajectories;

/// <summary>A stage boundary and the nearest special point of the trajectory.</summary>
/// <param name="Boundary">The boundary.</param>
/// <param name="Step">The step of the nearest vertex, cusp or form.</param>
/// <param name="Distance">|log((step + 1)/(boundary + 1))|.</param>
/// <param name="Inside">Whether it lies within the boundary's interval.</param>
public sealed record BoundaryMatch(StageBoundary Boundary, double Step, double Distance, bool Inside);

/// <summary>
/// Whether the stages of λ̂ and the geometry of the trajectory tell of the same times. The statistic is the mean distance in log step from
/// a boundary
/// to the nearest special point; chance is the same for as many points placed at random, evenly in log step over the training run.
/// </summary>
/// <param name="Matches">Each boundary's match.</param>
/// <param name="MeanDistance">The statistic.</param>
/// <param name="ChanceDistance">Its mean over random placements of the points.</param>
/// <param name="PValue">(1 + placements with no larger distance)/(1 + placements).</param>
public sealed record StageAgreement(IReadOnlyList<BoundaryMatch> Matches, double MeanDistance, double ChanceDistance, double PValue)
{
    private const int Placements = 1999;

    /// <summary>Compares them; null where there is no boundary or no point.</summary>
    /// <param name="boundaries">The boundaries.</param>
    /// <param name="steps">The steps of the trajectory's special points.</param>
    /// <param name="firstStep">The first checkpoint of the training run.</param>
    /// <param name="lastStep">The last.</param>
    /// <param name="seed">The seed of the placements.</param>
    public static StageAgreement? Of(
        IReadOnlyList<StageBoundary> boundaries,
        IReadOnlyList<double> steps,
        double firstStep,
        double lastStep,
        long seed
    )
    {
        ArgumentNullException.ThrowIfNull(boundaries);
        ArgumentNullException.ThrowIfNull(steps);
        if (boundaries.Count == 0 || steps.Count == 0)
        {
            return null;
        }

        double[] points = [.. steps.Select(DevelopmentCurve.LogStep)];
        BoundaryMatch[] matches = [.. boundaries.Select(boundary => Match(boundary, points))];
        double distance = matches.Average(match => match.Distance);
        (double first, double last) = (DevelopmentCurve.LogStep(firstStep), DevelopmentCurve.LogStep(lastStep));
        PhiloxStream random = new(PhiloxKey.Derive(seed, RandomPurpose.Bootstrap, "stage agreement"));
        double[] chance = new double[Placements];
        double[] placed = new double[points.Length];
        for (int i = 0; i < chance.Length; i++)
        {
            for (int p = 0; p < placed.Length; p++)
            {
                placed[p] = first + ((last - first) * random.NextDouble());
            }

            chance[i] = boundaries.Average(boundary => placed.Min((double point) => Math.Abs(point - boundary.LogStep)));
        }

        return new StageAgreement(matches, distance, chance.Average(), (1.0 + chance.Count(value => value <= distance)) / (1 + Placements));
    }

    private static BoundaryMatch Match(StageBoundary boundary, double[] points)
    {
        double nearest = points.MinBy(point => Math.Abs(point - boundary.LogStep));
        return new BoundaryMatch(
            boundary,
            DevelopmentCurve.Step(nearest),
            Math.Abs(nearest - boundary.LogStep),
            nearest >= boundary.Low && nearest <= boundary.High
        );
    }
}
