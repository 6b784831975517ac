using Curie.Response.Accumulation;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>What the sampling of one component left behind.</summary>
/// <param name="Report">Traces and health.</param>
/// <param name="Moments">The sums per token and per probe over healthy pairs of chains.</param>
/// <param name="Gaussian">Those of the localisation's Gaussian; null where levels were not measured.</param>
/// <param name="Difference">Those of the chains' differences to the twins that do not feel the loss; null likewise.</param>
/// <param name="Perturbation">How the shadows were perturbed; null where no response was measured.</param>
/// <param name="Nonlinearity">The relative error that the size of the perturbation makes; null where it is not known.</param>
internal sealed record SampledMoments(
    ComponentReport Report,
    ComponentMoments Moments,
    ComponentMoments? Gaussian,
    ComponentMoments? Difference,
    Perturbation? Perturbation,
    double? Nonlinearity
)
{
    /// <summary>φ of every chain at every draw, nats; null where φ is P − L0.</summary>
    public double[]? PhiTrace { get; init; }

    /// <summary>
    /// What <see cref="GradientAlignment"/> predicts of the covariance part, one value per token, nats²; null where there is no prediction.
    /// </summary>
    public float[]? Alignment { get; init; }
}
