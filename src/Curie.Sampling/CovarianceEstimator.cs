namespace Curie.Sampling;

/// <summary>How the restricted covariance −Cov_C(φ, ℓ_i − P) is estimated.</summary>
public enum CovarianceEstimator
{
    /// <summary>
    /// As the response of ℓ_i − P to a perturbation s·φ of the potential, d⟨ℓ_i − P⟩/ds at s = 0, from a shadow chain with the same noise
    /// and the same
    /// minibatches: the subtraction technique (Ciccotti, Jacucci and McDonald 1979).
    /// </summary>
    Response,

    /// <summary>As the product of the fluctuations of φ and ℓ_i − P over draws.</summary>
    Product,
}
