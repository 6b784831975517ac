namespace Curie.Sampling.Surfaces;

/// <summary>
/// The response of the loss K of normal crossings to itself: a shadow perturbed by s·K has nβ + s in the place of nβ, so its response is
/// the change of E[K] with nβ, which for the
/// posterior is −Var K, and with a step (to first order in ε) the difference of <see cref="CrossingTruth"/> at the two nβ.
/// </summary>
/// <param name="scale">A.</param>
/// <param name="p">p.</param>
/// <param name="q">q.</param>
/// <param name="options">How it is sampled.</param>
internal sealed class CrossingResponseTruth(double scale, int p, int q, SamplingOptions options) : IResponseTruth
{
    /// <inheritdoc/>
    public double Deviation(bool ofData) => Math.Sqrt(Variance());

    /// <inheritdoc/>
    public (double Exact, double Expected) Response(double strength, bool reversed) =>
        (-Variance(), (MeanLoss(options.NBeta + strength) - MeanLoss(options.NBeta)) / strength);

    /// <inheritdoc/>
    public (double Exact, double Expected) Product()
    {
        double bias = CrossingTruth.VarianceStepBias(options.NBeta * scale, p, q, options.Localization, options.StepSize);
        return (-Variance(), -Variance() - (bias / (options.NBeta * options.NBeta)));
    }

    private double Variance() =>
        CrossingTruth.Variance(options.NBeta * scale, p, q, options.Localization) / (options.NBeta * options.NBeta);

    private double MeanLoss(double nbeta)
    {
        double a = nbeta * scale;
        return (
                CrossingTruth.Posterior(a, p, q, options.Localization)
                + CrossingTruth.StepBias(a, p, q, options.Localization, options.StepSize)
            ) / nbeta;
    }
}
