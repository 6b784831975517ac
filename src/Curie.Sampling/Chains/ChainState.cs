using Curie.Sampling.Samplers;

namespace Curie.Sampling.Chains;

/// <summary>Where a chain stands; with the run's options and surface it determines every later bit.</summary>
/// <param name="Chain">The chain, from 0.</param>
/// <param name="Step">The updates made.</param>
/// <param name="W">A copy of the restricted weights.</param>
/// <param name="Sampler">What the sampler carries beside them.</param>
/// <param name="Companions">Copies of the weights of its companions, in their order.</param>
public sealed record ChainState(int Chain, long Step, float[] W, SamplerState Sampler, IReadOnlyList<float[]> Companions);
