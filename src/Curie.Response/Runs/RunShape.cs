using System.Text.Json.Serialization;

namespace Curie.Response.Runs;

/// <summary>The sizes of a run's arrays.</summary>
/// <param name="Components">The rows of `chi`; the run `full` is not one of them.</param>
/// <param name="Probes">The number of probes.</param>
/// <param name="Tokens">The tokens of all probes.</param>
/// <param name="Chains">The chains of each component, excluded ones included.</param>
/// <param name="Draws">The draws of each chain.</param>
/// <param name="Batches">The batches of each pair whose means are kept; 0 where none are (runs of earlier versions).</param>
/// <param name="SampledTokens">The tokens whose batch means are kept.</param>
/// <param name="Pairs">The pairs of antithetic chains, half of the chains; null or the number of chains where they are not paired.</param>
public sealed record RunShape(
    int Components,
    int Probes,
    int Tokens,
    int Chains,
    int Draws,
    int Batches = 0,
    int SampledTokens = 0,
    int? Pairs = null
)
{
    /// <summary>What is averaged, batched and resampled: pairs of chains, or single chains where they are not paired.</summary>
    [JsonIgnore]
    public int Units => Pairs ?? Chains;

    /// <summary>The chains of each unit: 2 where they are paired, otherwise 1.</summary>
    [JsonIgnore]
    public int ChainsPerUnit => Units > 0 ? Chains / Units : 1;

    /// <summary>The sampled components, `full` included: the first axis of `trace_loss`.</summary>
    [JsonIgnore]
    public int Runs => Components + 1;
}
