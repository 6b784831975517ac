using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Numerics.Parallelism;
using Curie.Response.Runs;
using Curie.Text.Packing;

namespace Curie.Development.Effects;

/// <summary>What every head does for every token of a run, by means other than sampling.</summary>
/// <param name="Components">The heads' names, layer by layer.</param>
/// <param name="ZeroAblation">The loss without the head less the loss with it, nats: heads × tokens; above 0 where the head helps.</param>
/// <param name="MeanAblation">The same with the head's mean output in place of nothing.</param>
/// <param name="DirectLogit">What the head adds to the token's logit less what it adds to the mean logit
/// (<see cref="DirectLogits"/>).</param>
public sealed record HeadEffects(
    IReadOnlyList<string> Components,
    IReadOnlyList<float[]> ZeroAblation,
    IReadOnlyList<float[]> MeanAblation,
    IReadOnlyList<float[]> DirectLogit
)
{
    /// <summary>The three measures by name.</summary>
    public IEnumerable<(string Name, IReadOnlyList<float[]> Values)> Measures =>
        [("zero_ablation", ZeroAblation), ("mean_ablation", MeanAblation), ("direct_logit", DirectLogit)];

    /// <summary>Measures every head on the tokens of a run.</summary>
    /// <param name="parameters">The network.</param>
    /// <param name="tokens">The run's tokens.</param>
    /// <param name="probes">The token rows of each probe.</param>
    /// <param name="reference">Text over which the heads' mean outputs are taken.</param>
    /// <param name="referenceRows">How many of its first rows.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    public static HeadEffects Of(
        ParameterSet parameters,
        TokenTable tokens,
        IReadOnlyList<TokenRows> probes,
        TokenRows reference,
        int referenceRows,
        Machine machine
    )
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentNullException.ThrowIfNull(reference);
        TransformerConfig config = parameters.Layout.Config;
        int heads = config.Layers * config.Heads;
        using HeadAblation ablation = new(parameters, machine);
        IReadOnlyList<float[]> means = MeanOutputs.Of(
            ablation.Weights,
            reference,
            [.. Enumerable.Range(0, Math.Min(referenceRows, reference.Count))],
            machine
        );
        float[][] zero = Empty();
        float[][] mean = Empty();
        float[][] direct = Empty();
        for (int probe = 0; probe < probes.Count; probe++)
        {
            ProbeTokens wanted = new(tokens, probe, probes[probe].ContextLength - 1);
            if (wanted.Rows.Length == 0)
            {
                continue;
            }

            float[] whole = ablation.Losses(probes[probe], wanted.Rows);
            float[][] attributed = DirectLogits.Of(ablation.Weights, probes[probe], wanted.Rows, machine);
            for (int head = 0; head < heads; head++)
            {
                (int layer, int one) = (head / config.Heads, head % config.Heads);
                wanted.Copy(ablation.LossesWithout(layer, one, [], probes[probe], wanted.Rows), whole, zero[head]);
                wanted.Copy(ablation.LossesWithout(layer, one, means[head], probes[probe], wanted.Rows), whole, mean[head]);
                wanted.Copy(attributed[head], null, direct[head]);
            }
        }

        return new HeadEffects(
            [.. Enumerable.Range(0, heads).Select(head => $"l{head / config.Heads}h{head % config.Heads}")],
            zero,
            mean,
            direct
        );

        float[][] Empty() => [.. Enumerable.Range(0, heads).Select(_ => new float[tokens.Count])];
    }
}
