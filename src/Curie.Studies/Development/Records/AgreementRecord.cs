namespace Curie.Studies.Development.Records;

/// <summary>How the boundaries of a curve and the trajectory agree.</summary>
/// <param name="Component">The component.</param>
/// <param name="Data">The data set.</param>
/// <param name="Points"><c>forms</c> or <c>vertices</c>: what of the trajectory is compared.</param>
/// <param name="MeanDistance">The mean distance of a boundary to the nearest point, in log steps.</param>
/// <param name="ChanceDistance">The same of random places.</param>
/// <param name="PValue">How often these lie as near.</param>
/// <param name="Matches">Every boundary and its point.</param>
public sealed record AgreementRecord(
    string Component,
    string Data,
    string Points,
    double MeanDistance,
    double ChanceDistance,
    double PValue,
    IReadOnlyList<MatchRecord> Matches
)
{
    internal static AgreementRecord Of(TrajectoryAgreement compared) =>
        new(
            compared.Component,
            compared.Data,
            compared.Points,
            compared.Agreement.MeanDistance,
            compared.Agreement.ChanceDistance,
            compared.Agreement.PValue,
            [.. compared.Agreement.Matches.Select(match => new MatchRecord(match.Boundary.Step, match.Step, match.Distance, match.Inside))]
        );
}
