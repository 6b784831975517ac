namespace Curie.Sampling.Surfaces;

/// <summary>
/// The response in one dimension by <see cref="LineLaw"/>: of the posterior −Cov(P, e), and of the chain (⟨e⟩_s − ⟨e⟩₀)/s between the
/// stationary laws of its step on
/// U + s·P and on U; where the step is too small to tell, between the posteriors.
/// </summary>
/// <param name="potential">U.</param>
/// <param name="slope">U'.</param>
/// <param name="observable">P and P'.</param>
/// <param name="data">e and e'.</param>
/// <param name="step">ε.</param>
internal sealed class LineResponseTruth(
    Func<double, double> potential,
    Func<double, double> slope,
    LineFunction observable,
    LineFunction data,
    double step
) : IResponseTruth
{
    private readonly LineLaw _posterior = LineLaw.Posterior(potential);

    /// <inheritdoc/>
    public double Deviation(bool ofData)
    {
        Func<double, double> f = (ofData ? data : observable).Value;
        return Math.Sqrt(Covariance(_posterior, f, f));
    }

    /// <inheritdoc/>
    public (double Exact, double Expected) Response(double strength, bool reversed)
    {
        (LineFunction p, LineFunction e) = reversed ? (data, observable) : (observable, data);
        return (-Covariance(_posterior, p.Value, e.Value), (Chain(p, strength).Mean(e.Value) - Chain(p, 0).Mean(e.Value)) / strength);
    }

    /// <inheritdoc/>
    public (double Exact, double Expected) Product() =>
        (-Covariance(_posterior, observable.Value, data.Value), -Covariance(Chain(observable, 0), observable.Value, data.Value));

    private LineLaw Chain(LineFunction perturbation, double strength)
    {
        double Potential(double x) => potential(x) + (strength * perturbation.Value(x));
        return LineLaw.Stationary(Potential, x => slope(x) + (strength * perturbation.Slope(x)), step) ?? LineLaw.Posterior(Potential);
    }

    private static double Covariance(LineLaw law, Func<double, double> f, Func<double, double> g)
    {
        double mean = law.Mean(f);
        return law.Mean(x => (f(x) - mean) * g(x));
    }
}
