using Curie.Numerics.Statistics;

namespace Curie.Response.Designs;

/// <summary>What weights are predicted to do to one component.</summary>
/// <param name="Component">The component.</param>
/// <param name="Direction">Its share in the target's direction, whose length is 1.</param>
/// <param name="Change">
/// The change of E_C[φ] in nats, φ the excess of the loss of the unweighted data, E_C the posterior of the component with all else at w*:
/// nβ·Σ_i cov_i·dq_i, cov the covariance part, by weights and responses from different halves of the draws, with its sampling error and the
/// degrees of freedom of that; times nβ it is that of λ̂. The error is not known where the run keeps no batch means.
/// </param>
/// <param name="SameDraws">The same with weights and response from all draws, which the noise that both share makes too large.</param>
public sealed record DesignPrediction(string Component, double Direction, MeanEstimate Change, double SameDraws)
{
    /// <summary>
    /// nβ·Σ_i χ̂_i·dq_i, in the same way: Z_full/Z_C times the change of the expectation over all weights of δ(outside C at w*)·φ, which
    /// moves with Z_C/Z_full too and not with E_C[φ] alone. Null in files of earlier versions, which had it in place of
    /// <see cref="Change"/>.
    /// </summary>
    public MeanEstimate? Localized { get; init; }
}
