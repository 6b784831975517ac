using Curie.Networks.Passes;
using Curie.Numerics.Memory;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>Evaluates the followed tokens of all probes, in the run folder's order.</summary>
internal sealed class ProbeLosses : IDisposable
{
    private readonly IReadOnlyList<ProbeSelection> _selections;
    private readonly EvaluationRows[] _rows;
    private readonly AlignedBuffer<float> _all;

    public ProbeLosses(TransformerEvaluator evaluator, RestrictedNetwork network, IReadOnlyList<ProbeSelection> selections, long prefixMemory)
    {
        _selections = selections;
        _rows = new EvaluationRows[selections.Count];
        for (int p = 0; p < selections.Count; p++)
        {
            _rows[p] = new EvaluationRows(evaluator, network, selections[p].Probe.Rows, selections[p].Rows, prefixMemory);
            prefixMemory -= _rows[p].PrefixBytes;
        }

        _all = new AlignedBuffer<float>(_rows.Max(rows => rows.Tokens));
    }

    /// <summary>Writes ℓ_i of every followed token, nats.</summary>
    public void Evaluate(TransformerWeights weights, Span<float> losses)
    {
        int next = 0;
        for (int p = 0; p < _rows.Length; p++)
        {
            Span<float> all = _all.Slice(0, _rows[p].Tokens);
            _rows[p].Losses(weights, all, []);
            foreach (int slot in _selections[p].Slots)
            {
                losses[next++] = all[slot];
            }
        }
    }

    public void Dispose()
    {
        Array.ForEach(_rows, rows => rows.Dispose());
        _all.Dispose();
    }
}
