namespace Curie.Response.Attribution;

/// <summary>
/// How a part of one component spreads over tokens at both levels. Standard deviations are those of the part itself, without sampling
/// error: the root of the variance
/// over tokens less the mean of the squared standard errors; null where that leaves nothing.
/// </summary>
/// <param name="Total">What the chains give.</param>
/// <param name="Gaussian">What the localisation's Gaussian gives alone.</param>
/// <param name="Loss">What the loss surface adds to that.</param>
/// <param name="Correlation">The correlation over tokens of the Gaussian level with what the chains give, which share no draws; NaN where
/// one of them is missing or constant.</param>
/// <param name="Ceiling">What sampling error would leave of a correlation of 1; null where it leaves nothing.</param>
public sealed record LevelSpread(double? Total, double? Gaussian, double? Loss, double Correlation, double? Ceiling)
{
    /// <summary>Compares the levels.</summary>
    /// <param name="total">What the chains give, token by token.</param>
    /// <param name="gaussian">The Gaussian level.</param>
    /// <param name="loss">What the loss adds.</param>
    internal static LevelSpread Of(TokenEstimates total, TokenEstimates gaussian, TokenEstimates loss)
    {
        double reliability = Math.Max(0, total.SignalVariance) / total.Variance * Math.Max(0, gaussian.SignalVariance) / gaussian.Variance;
        return new LevelSpread(
            Deviation(total),
            Deviation(gaussian),
            Deviation(loss),
            Moments.Correlation(gaussian.Values, total.Values),
            reliability > 0 ? Math.Sqrt(reliability) : null
        );
    }

    private static double? Deviation(TokenEstimates estimates) => estimates.SignalVariance > 0 ? Math.Sqrt(estimates.SignalVariance) : null;
}
