using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Response.Runs;
using Curie.Text.Packing;

namespace Curie.Development.Effects;

/// <summary>
/// Path ablation: a head, the sender, is replaced by its mean over text in what one head of a later layer, the receiver, reads, and nowhere
/// else. With z the mixed values of the receiver in the network as it is, and z' those in the network whose sender is mean-ablated, the
/// residual stream behind the receiver's attention becomes
/// <code>
/// x + (z' − z)·W_O
/// </code>
/// and the rest of the network is computed from there. So the receiver loses what the sender brings it by any way, directly or through
/// what stands between the two, in queries, keys and values at once (after Goldowsky-Dill et al., arXiv 2304.05969, whose paths are those
/// of the sender's output alone; with attention alone and adjacent layers there is no other).
/// </summary>
public static class PathAblation
{
    /// <summary>Measures every pair of a head and a head of a later layer on the tokens of a run.</summary>
    /// <param name="parameters">The network.</param>
    /// <param name="tokens">The run's tokens.</param>
    /// <param name="probes">The token rows of each probe.</param>
    /// <param name="reference">Text over which the senders' mean outputs are taken.</param>
    /// <param name="referenceRows">How many of its first rows.</param>
    /// <param name="machine">The arithmetic and the threads; results do not depend on how many.</param>
    /// <returns>The pairs, sender by sender, as they are measured.</returns>
    public static IEnumerable<PathEffect> Of(
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
        ArgumentNullException.ThrowIfNull(machine);
        return Pairs(parameters, tokens, probes, reference, referenceRows, machine);
    }

    private static IEnumerable<PathEffect> Pairs(
        ParameterSet parameters,
        TokenTable tokens,
        IReadOnlyList<TokenRows> probes,
        TokenRows reference,
        int referenceRows,
        Machine machine
    )
    {
        TransformerConfig config = parameters.Layout.Config;
        using HeadAblation ablation = new(parameters, machine);
        using TransformerWeights whole = new(parameters, machine);
        using WorkerPasses passes = new(whole, ablation.Weights, machine);
        IReadOnlyList<float[]> means = MeanOutputs.Of(
            ablation.Weights,
            reference,
            [.. Enumerable.Range(0, Math.Min(referenceRows, reference.Count))],
            machine
        );
        ProbeTokens[] wanted = [.. probes.Select((rows, probe) => new ProbeTokens(tokens, probe, rows.ContextLength - 1))];
        float[][] losses = [.. probes.Zip(wanted, (rows, those) => ablation.Losses(rows, those.Rows))];
        for (int sender = 0; sender < (config.Layers - 1) * config.Heads; sender++)
        {
            (int layer, int head) = (sender / config.Heads, sender % config.Heads);
            int first = (layer + 1) * config.Heads;
            int receivers = (config.Layers * config.Heads) - first;
            float[][] change = [.. Enumerable.Range(0, receivers).Select(_ => new float[tokens.Count])];
            ablation.Without(layer, head, means[sender], () =>
            {
                for (int probe = 0; probe < probes.Count; probe++)
                {
                    float[][] without = [.. Enumerable.Range(0, receivers).Select(_ => new float[losses[probe].Length])];
                    RowBody body = new(whole, ablation.Weights, passes, probes[probe], wanted[probe].Rows, first, without);
                    machine.Pool.Run(wanted[probe].Rows.Length, ref body);
                    for (int receiver = 0; receiver < receivers; receiver++)
                    {
                        wanted[probe].Copy(without[receiver], losses[probe], change[receiver]);
                    }
                }
            });
            for (int receiver = 0; receiver < receivers; receiver++)
            {
                yield return new PathEffect(Name(config, sender), Name(config, first + receiver), change[receiver]);
            }
        }
    }

    private static string Name(TransformerConfig config, int head) => $"l{head / config.Heads}h{head % config.Heads}";

    /// <summary>Two passes for every worker: of the network as it is, and of the one without the sender.</summary>
    private sealed class WorkerPasses(TransformerWeights whole, TransformerWeights without, Machine machine) : IDisposable
    {
        private readonly (RowPass Whole, RowPass Without)[] _passes =
        [
            .. Enumerable.Range(0, machine.Pool.Workers).Select(_ => (Pass(whole, machine), Pass(without, machine))),
        ];

        public (RowPass Whole, RowPass Without) Of(int worker) => _passes[worker];

        public void Dispose()
        {
            foreach ((RowPass one, RowPass other) in _passes)
            {
                one.Dispose();
                other.Dispose();
            }
        }

        private static RowPass Pass(TransformerWeights weights, Machine machine) => new(weights.Parameters.Layout.Config, machine.Kernels);
    }

    /// <summary>One row: every receiver, the last layer first, so that no later block is needed again as it was.</summary>
    private readonly struct RowBody(
        TransformerWeights weights,
        TransformerWeights withoutSender,
        WorkerPasses passes,
        TokenRows rows,
        int[] indices,
        int first,
        float[][] result
    ) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            (RowPass pass, RowPass without) = passes.Of(worker);
            rows.CopyRow(indices[item], pass.BeginRow(rows.ContextLength));
            rows.CopyRow(indices[item], without.BeginRow(rows.ContextLength));
            pass.Forward(weights);
            without.Forward(withoutSender);
            TransformerConfig config = weights.Parameters.Layout.Config;
            double[] losses = new double[pass.Positions];
            for (int receiver = result.Length - 1; receiver >= 0; receiver--)
            {
                (int layer, int head) = ((first + receiver) / config.Heads, (first + receiver) % config.Heads);
                NetworkPoint point = new(layer, AfterAttention: true);
                MatrixView stream = pass.Residual(point);
                float[] kept = stream.Elements(stream.Rows).ToArray();
                AddDifference(weights.Parameters, layer, head, pass.MixedValues(layer, head), without.MixedValues(layer, head), stream);
                pass.Continue(weights, point);
                pass.Losses(weights, losses);
                for (int t = 0; t < losses.Length; t++)
                {
                    result[receiver][(item * losses.Length) + t] = (float)losses[t];
                }

                kept.CopyTo(stream.Elements(stream.Rows));
            }
        }

        /// <summary>x ← x + (z' − z)·W_O.</summary>
        private static void AddDifference(ParameterSet parameters, int layer, int head, MatrixView z, MatrixView other, MatrixView stream)
        {
            MatrixView output = parameters.Slice(parameters.Layout.Blocks[layer].Output, head);
            for (int t = 0; t < z.Rows; t++)
            {
                Span<float> x = stream.Row(t);
                for (int e = 0; e < output.Rows; e++)
                {
                    float difference = other.Row(t)[e] - z.Row(t)[e];
                    ReadOnlySpan<float> line = output.Row(e);
                    for (int d = 0; d < x.Length; d++)
                    {
                        x[d] += difference * line[d];
                    }
                }
            }
        }
    }
}
