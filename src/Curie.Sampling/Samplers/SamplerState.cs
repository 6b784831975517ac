namespace Curie.Sampling.Samplers;

/// <summary>What a sampler carries from update to update beside the weights, copied.</summary>
/// <param name="Vectors">Vectors of the surface's dimension, in the sampler's own order.</param>
/// <param name="Scalars">Numbers, in the sampler's own order.</param>
public sealed record SamplerState(IReadOnlyList<float[]> Vectors, IReadOnlyList<double> Scalars);
