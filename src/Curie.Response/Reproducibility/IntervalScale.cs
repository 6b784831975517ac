namespace Curie.Response.Reproducibility;

/// <summary>
/// The scale on which the error of a number is symmetric, and on which its interval is made: no interval then ends at a bound that the
/// number cannot pass.
/// </summary>
internal sealed class IntervalScale
{
    /// <summary>Shares of 0 and 1 lie infinitely far away on their scale; this is as far as numbers go here.</summary>
    private const double Edge = 1e-12;

    private readonly Func<double, double> _to;
    private readonly Func<double, double> _from;

    private IntervalScale(Func<double, double> to, Func<double, double> from)
    {
        _to = to;
        _from = from;
    }

    /// <summary>As it is.</summary>
    public static IntervalScale Plain { get; } = new(value => value, value => value);

    /// <summary>log(p/(1 − p)) of a share p of a whole.</summary>
    public static IntervalScale Share { get; } =
        new(
            value =>
            {
                double inside = Math.Clamp(value, Edge, 1 - Edge);
                return Math.Log(inside / (1 - inside));
            },
            value => 1 / (1 + Math.Exp(-value))
        );

    /// <summary>
    /// The angle arcsin v by which a mode leans towards a component, of a loading v: it is 90° at most.
    /// </summary>
    public static IntervalScale Loading { get; } =
        new(value => Math.Asin(Math.Clamp(value, -1, 1)), value => Math.Sin(Math.Clamp(value, -Math.PI / 2, Math.PI / 2)));

    /// <summary>Fisher's z = artanh r of a correlation r, on which errors do not depend on r.</summary>
    public static IntervalScale Correlation { get; } = new(value => Math.Atanh(Math.Clamp(value, -1 + Edge, 1 - Edge)), Math.Tanh);

    /// <summary>Of the number.</summary>
    public double To(double value) => _to(value);

    /// <summary>Back to the number.</summary>
    public double From(double value) => _from(value);
}
