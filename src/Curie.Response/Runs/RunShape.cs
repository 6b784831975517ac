using System.Text.Json.Serialization;

namespace Curie.Response.Runs;

/// <summary>The sizes of a run's arrays.</summary>
/// <param name="Components">The rows of `chi`; the run `full` is not one of them.</param>
/// <param name="Probes">The number of probes.</param>
/// <param name="Tokens">The tokens of all probes.</param>
/// <param name="Chains">The chains of each component, excluded ones included.</param>
/// <param name="Draws">The draws of each chain.</param>
/// <param name="Batches">The batches of each chain whose means are kept; 0 where none are (runs of earlier versions).</param>
/// <param name="SampledTokens">The tokens whose batch means are kept.</param>
public sealed record RunShape(int Components, int Probes, int Tokens, int Chains, int Draws, int Batches = 0, int SampledTokens = 0)
{
    /// <summary>The sampled components, `full` included: the first axis of `trace_loss`.</summary>
    [JsonIgnore]
    public int Runs => Components + 1;
}
