namespace Curie.Response.Reproducibility;

/// <summary>One component's part of the response in a run and in its control, centred over tokens.</summary>
/// <param name="Component">The component.</param>
/// <param name="Correlation">r, the correlation over tokens of the run's values with the control's.</param>
/// <param name="RunReliability">ρ of the run's values, the share of their variance that is no sampling error; null where unknown.</param>
/// <param name="ControlReliability">The same of the control's.</param>
/// <param name="SizeRatio">The standard deviation over tokens in the control, over that in the run.</param>
public sealed record ControlShare(
    string Component,
    double Correlation,
    double? RunReliability,
    double? ControlReliability,
    double SizeRatio
)
{
    /// <summary>As of the whole part (<see cref="ControlPartVerdict.Ceiling"/>).</summary>
    public double? Ceiling => CeilingOf(RunReliability, ControlReliability);

    /// <summary>As of the whole part (<see cref="ControlPartVerdict.ShareExplained"/>).</summary>
    public double? ShareExplained => Explained(Correlation, Ceiling);

    /// <summary>As of the whole part (<see cref="ControlPartVerdict.ShareInterval"/>).</summary>
    public Interval? ShareInterval { get; init; }

    internal static double? CeilingOf(double? own, double? other) => own > 0 && other > 0 ? Math.Sqrt(own.Value * other.Value) : null;

    internal static double? Explained(double correlation, double? ceiling) =>
        ceiling is { } most ? Math.Min(1, Math.Pow(Math.Max(0, correlation) / most, 2)) : null;
}
