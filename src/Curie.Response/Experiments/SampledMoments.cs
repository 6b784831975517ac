using Curie.Response.Accumulation;
using Curie.Sampling.Chains;

namespace Curie.Response.Experiments;

/// <summary>What the sampling of one component left behind.</summary>
/// <param name="Report">Traces and health.</param>
/// <param name="Moments">The sums per token and per probe over healthy chains.</param>
internal sealed record SampledMoments(ComponentReport Report, ComponentMoments Moments);
