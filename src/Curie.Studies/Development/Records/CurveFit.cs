using Curie.Development.Stages;

namespace Curie.Studies.Development.Records;

/// <summary>A Gaussian process over log(step + 1).</summary>
/// <param name="LengthScale">Its length scale.</param>
/// <param name="Amplitude">Its standard deviation.</param>
/// <param name="Noise">That of the noise.</param>
/// <param name="LogMarginalLikelihood">The logarithm of the marginal likelihood.</param>
public sealed record CurveFit(double LengthScale, double Amplitude, double Noise, double LogMarginalLikelihood)
{
    internal static CurveFit Of(GaussianProcess process) =>
        new(process.LengthScale, process.AmplitudeDeviation, process.NoiseDeviation, process.LogMarginalLikelihood);
}
