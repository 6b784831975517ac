namespace Curie.Response.Attribution;

/// <summary>A number of one component at both levels, each with its standard error; NaN where it was not measured.</summary>
/// <param name="Total">What the chains give.</param>
/// <param name="TotalError">Its standard error.</param>
/// <param name="Gaussian">What the localisation's Gaussian gives alone.</param>
/// <param name="GaussianError">Its standard error.</param>
/// <param name="Loss">What the loss surface adds to that.</param>
/// <param name="LossError">Its standard error.</param>
public sealed record LevelMean(double Total, double TotalError, double Gaussian, double GaussianError, double Loss, double LossError)
{
    /// <summary>
    /// The variance of <see cref="Total"/> over that of <see cref="Gaussian"/> + <see cref="Loss"/>, which is a second estimate of it:
    /// above 1 where that is the better one.
    /// </summary>
    public double VarianceRatio => TotalError * TotalError / ((GaussianError * GaussianError) + (LossError * LossError));
}
