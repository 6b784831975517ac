namespace Curie.Sampling.Surfaces;

/// <summary>
/// The response of ½‖w‖² to itself on constant slopes, for a chain whose weight i takes steps of ε·G_i: a shadow has γ + s in the place of
/// γ, and with κ for either
/// ⟨½w_i²⟩ = ½(v_i + μ_i²), v_i = σ²/(κ(1 − εG_iκ/4)), μ_i = −nβc_i/κ. As s → 0 the response of a weight is −σ²(½σ²(1 − εG_iγ/2)/(γ(1 −
/// εG_iγ/4))² + μ_i²/γ), and the covariance ½v_i² + μ_i²v_i.
/// </summary>
/// <param name="slopes">c_i.</param>
/// <param name="scales">G_i.</param>
/// <param name="options">How it is sampled.</param>
internal sealed class SlopeResponseTruth(double[] slopes, double[] scales, SamplingOptions options) : IResponseTruth
{
    private readonly double _noise = options.NoiseLevel * options.NoiseLevel;

    /// <inheritdoc/>
    public double Deviation(bool ofData) => Math.Sqrt(-Product().Exact);

    /// <inheritdoc/>
    public (double Exact, double Expected) Response(double strength, bool reversed)
    {
        double exact = 0;
        double expected = 0;
        for (int i = 0; i < slopes.Length; i++)
        {
            double rate = options.Localization;
            double mean = Mean(i, rate);
            double variance = Variance(i, rate);
            exact -= (variance * variance * (1 - (options.StepSize * scales[i] * rate / 2)) / 2) + (_noise * mean * mean / rate);
            expected += _noise * (Half(i, rate + strength) - Half(i, rate)) / strength;
        }

        return (exact, expected);
    }

    /// <inheritdoc/>
    public (double Exact, double Expected) Product()
    {
        double sum = 0;
        for (int i = 0; i < slopes.Length; i++)
        {
            double variance = Variance(i, options.Localization);
            double mean = Mean(i, options.Localization);
            sum -= variance * ((variance / 2) + (mean * mean));
        }

        return (sum, sum);
    }

    private double Mean(int i, double rate) => -options.NBeta * slopes[i] / rate;

    private double Variance(int i, double rate) => _noise / (rate * (1 - (options.StepSize * scales[i] * rate / 4)));

    private double Half(int i, double rate) => (Variance(i, rate) + (Mean(i, rate) * Mean(i, rate))) / 2;
}
