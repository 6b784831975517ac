namespace Curie.Sampling;

/// <summary>How chains move.</summary>
public enum SamplerKind
{
    /// <summary>Stochastic gradient Langevin dynamics (Welling and Teh 2011).</summary>
    Sgld,

    /// <summary>SGLD with RMSProp's diagonal preconditioner (Li et al. 2016), without the divergence correction.</summary>
    RmsPropSgld,

    /// <summary>The stochastic gradient Nosé–Hoover thermostat (Ding et al. 2014): momentum whose friction adapts to gradient noise.</summary>
    Sgnht,

    /// <summary>The Metropolis-adjusted Langevin algorithm: exact at any step size, for surfaces without minibatches only.</summary>
    Mala,
}
