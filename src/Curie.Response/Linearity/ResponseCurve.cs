namespace Curie.Response.Linearity;

/// <summary>
/// The change of a quantity over the share h of a probe in the data, at several h, beside the derivative at h = 0 that a run estimated. The
/// two agree at small h if
/// the run's estimate is a linear response; the h at which the change leaves the line is how far the derivative holds.
/// </summary>
/// <param name="Points">By h, ascending; at least one.</param>
/// <param name="Linear">The derivative that the run estimated.</param>
/// <param name="LinearError">Its standard error.</param>
public sealed record ResponseCurve(IReadOnlyList<CurvePoint> Points, double Linear, double LinearError)
{
    /// <summary>The share of the line by which a curve that has left it differs from it.</summary>
    public const double LargestDeparture = 0.1;

    /// <summary>How many errors the line must be away from 0 for a share of it to mean something.</summary>
    private const double LeastErrors = 2;

    /// <summary>
    /// The value at h → 0, along the line through the two smallest h; that of the smallest where there is no other. All h share noise and
    /// minibatches, so it is much better
    /// known beside the other values than the derivative of the run is.
    /// </summary>
    public double Limit
    {
        get
        {
            if (Points.Count == 1)
            {
                return Points[0].Value;
            }

            (CurvePoint first, CurvePoint second) = (Points[0], Points[1]);
            return first.Value - (first.Share * (second.Value - first.Value) / (second.Share - first.Share));
        }
    }

    /// <summary>
    /// Whether the curve says how far the line holds: two h at least, and a response that is more than two errors away from 0.
    /// </summary>
    public bool ShowsRange => Points.Count > 1 && Math.Abs(Limit) > LeastErrors * Points[0].StandardError;

    /// <summary>
    /// The h at which the curve has left its line by <see cref="LargestDeparture"/>, between the shares by straight lines; null where no h
    /// reaches that.
    /// </summary>
    public double? Range
    {
        get
        {
            (double share, double departure) = (0, 0);
            foreach (CurvePoint point in Points)
            {
                double next = Math.Abs(Departure(point));
                if (next >= LargestDeparture)
                {
                    return share + ((point.Share - share) * (LargestDeparture - departure) / (next - departure));
                }

                (share, departure) = (point.Share, next);
            }

            return null;
        }
    }

    /// <summary>(value − derivative of the run) over their two errors in quadrature.</summary>
    public double Z(CurvePoint point) =>
        (point.Value - Linear) / Math.Sqrt((point.StandardError * point.StandardError) + (LinearError * LinearError));

    /// <summary>By how much of the line a value has left it: value/<see cref="Limit"/> − 1.</summary>
    public double Departure(CurvePoint point) => (point.Value / Limit) - 1;
}
