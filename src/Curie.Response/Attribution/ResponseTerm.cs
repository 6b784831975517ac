namespace Curie.Response.Attribution;

/// <summary>
/// What χ is made of. With f = F − F(w*) and d = R − R(w*), the shifts less their values at the checkpoint, which cancel in F − R:
/// <code>
/// χ_c = C_c + φ_c·f − φ_c·d_c
/// </code>
/// </summary>
public enum ResponseTerm
{
    /// <summary>C_c, the restricted covariance.</summary>
    Covariance,

    /// <summary>−φ_c·d_c: the restricted run's own shift.</summary>
    RestrictedShift,

    /// <summary>φ_c·f: one vector over tokens, the same for all components up to the factor φ_c.</summary>
    FullShift,
}
