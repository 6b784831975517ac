namespace Curie.Sampling.Surfaces;

/// <summary>
/// What coupled chains must measure of an observable P and of data e on a surface whose law is known: the response σ²·d⟨e⟩/ds under a
/// perturbation s·P, which of the
/// exact posterior is −Cov(P, e), and what the product of fluctuations measures in its place.
/// </summary>
internal interface IResponseTruth
{
    /// <summary>The standard deviation of P, or of e, in the law that is sampled.</summary>
    /// <param name="ofData">Whether of e.</param>
    double Deviation(bool ofData);

    /// <summary>The response of e to P.</summary>
    /// <param name="strength">s.</param>
    /// <param name="reversed">Whether of P to e: without an effect of s, the same number.</param>
    /// <returns>The known value as s → 0, of the chain itself where it has a closed form, else of the posterior; and what this s and step
    /// make of it.</returns>
    (double Exact, double Expected) Response(double strength, bool reversed);

    /// <summary>−Cov(P, e), in the same two ways.</summary>
    (double Exact, double Expected) Product();
}
