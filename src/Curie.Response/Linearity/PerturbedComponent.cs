using Curie.Sampling.Chains;

namespace Curie.Response.Linearity;

/// <summary>One component's posterior, really perturbed.</summary>
/// <param name="Name">The component.</param>
/// <param name="Response">Δ⟨φ⟩/(nβ·h) beside the covariance, nats²; null where too few chains were sampled to their end.</param>
/// <param name="Coefficient">Δλ̂/h beside the derivative of the learning coefficient; null as <paramref name="Response"/>.</param>
/// <param name="Trace">P at every draw of every unperturbed chain, nats.</param>
/// <param name="Failures">The chains that were stopped.</param>
public sealed record PerturbedComponent(
    string Name,
    ResponseCurve? Response,
    ResponseCurve? Coefficient,
    IReadOnlyList<double[]> Trace,
    IReadOnlyList<ChainFailure> Failures
)
{
    /// <summary>How many combined errors the smallest share may be off before the run is said not to be confirmed.</summary>
    public const double LargestAgreement = 2;

    /// <summary>How many it may be off before the run is said to be contradicted.</summary>
    public const double LargestDisagreement = 4;

    /// <summary>The larger |z| of both quantities at the smallest share; null where there are none.</summary>
    public double? WorstZ =>
        Response is null || Coefficient is null
            ? null
            : Math.Max(Math.Abs(Response.Z(Response.Points[0])), Math.Abs(Coefficient.Z(Coefficient.Points[0])));
}
