namespace Curie.Development.Trajectories;

/// <summary>
/// A form: a point that the trajectory seems to circle or to bounce off, seen in every plane of two components as the centre of the
/// osculating
/// circle at a vertex, or as a cusp, at the same time (Hoogland et al. 2024, section 3.2.1).
/// </summary>
/// <param name="Index">The mean index of the vertices and cusps.</param>
/// <param name="Spread">The difference between the earliest and the latest of them, in checkpoints.</param>
/// <param name="Position">The point's coordinate on each component, the mean over the planes that contain it.</param>
/// <param name="Discrepancy">
/// The root mean square difference between the planes' coordinates and their mean, over the length of the diagonal of the box that holds
/// the
/// trajectory: a true form has 0.
/// </param>
public sealed record Form(double Index, double Spread, double[] Position, double Discrepancy)
{
    /// <summary>Finds the forms.</summary>
    /// <param name="curves">The smoothed scores, one array per component, at least 2.</param>
    /// <param name="points">The vertices and cusps of each plane (i, j), i &lt; j.</param>
    /// <param name="window">The greatest difference in time between the planes, in checkpoints.</param>
    public static IReadOnlyList<Form> Find(
        IReadOnlyList<double[]> curves,
        IReadOnlyDictionary<(int I, int J), IReadOnlyList<CurvePoint>> points,
        double window
    )
    {
        ArgumentNullException.ThrowIfNull(curves);
        ArgumentNullException.ThrowIfNull(points);
        double extent = Math.Sqrt(curves.Sum(curve => Math.Pow(curve.Max() - curve.Min(), 2)));
        List<Form> forms = [];
        foreach (CurvePoint anchor in points[(0, 1)])
        {
            // Of each plane the point nearest in time to the first plane's.
            Dictionary<(int I, int J), CurvePoint> nearest = points
                .Where(plane => plane.Value.Count > 0)
                .ToDictionary(plane => plane.Key, plane => plane.Value.MinBy(point => Math.Abs(point.Index - anchor.Index))!);
            nearest[(0, 1)] = anchor;
            double spread = nearest.Values.Max(point => point.Index) - nearest.Values.Min(point => point.Index);
            if (nearest.Count == points.Count && spread <= window)
            {
                forms.Add(Join(nearest, curves.Count, spread, extent));
            }
        }

        return forms;
    }

    private static Form Join(Dictionary<(int I, int J), CurvePoint> points, int components, double spread, double extent)
    {
        double[][] seen =
        [
            .. Enumerable
                .Range(0, components)
                .Select(k =>
                    points
                        .Where(plane => plane.Key.I == k || plane.Key.J == k)
                        .Select(plane => plane.Key.I == k ? plane.Value.X : plane.Value.Y)
                        .ToArray()
                ),
        ];
        double[] position = [.. seen.Select(coordinates => coordinates.Average())];
        double square = seen.Zip(position, (coordinates, mean) => coordinates.Average(value => (value - mean) * (value - mean))).Sum();
        return new Form(points.Values.Average(point => point.Index), spread, position, extent > 0 ? Math.Sqrt(square) / extent : 0);
    }
}
