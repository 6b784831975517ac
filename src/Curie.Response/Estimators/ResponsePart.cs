namespace Curie.Response.Estimators;

/// <summary>
/// The parts of a susceptibility. With φ = P − L0, R = E_C[ℓ_i − P] and F = E_full[ℓ_i − P]:
/// <see cref="Susceptibility"/> = <see cref="Covariance"/> + <see cref="Renormalization"/>, and <see cref="Excess"/> is <see cref="Shift"/> less its value at w*.
/// </summary>
public enum ResponsePart
{
    /// <summary>The two-run susceptibility χ = E_C[φ·(P − ℓ_i − Δ_i)], Δ_i = −F_i, in nats².</summary>
    Susceptibility,

    /// <summary>The restricted covariance −Cov_C(φ, ℓ_i − P), in nats².</summary>
    Covariance,

    /// <summary>The renormalisation term E_C[φ]·(F_i − R_i), in nats².</summary>
    Renormalization,

    /// <summary>The shift R_i = E_C[ℓ_i − P], in nats.</summary>
    Shift,

    /// <summary>The excess S_i = R_i − (ℓ_i(w*) − L0) = E_C[ℓ_i − ℓ_i(w*)] − E_C[φ], in nats: the shift less its value at w*, which all components share.</summary>
    Excess,
}
