using Curie.Networks.Passes;
using Curie.Numerics.Memory;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>Evaluates the followed tokens of all probes, in the run folder's order, at several weight vectors.</summary>
internal sealed class ProbeLosses : IDisposable
{
    private readonly EvaluationRows[] _rows;
    private readonly AlignedBuffer<float> _losses;
    private readonly AlignedBuffer<float> _probe;
    private readonly int _tokens;

    public ProbeLosses(TransformerEvaluator evaluator, RestrictedNetwork network, IReadOnlyList<ProbeSelection> selections, long frozenMemory)
    {
        _rows = new EvaluationRows[selections.Count];
        for (int p = 0; p < selections.Count; p++)
        {
            ProbeSelection selection = selections[p];
            _rows[p] = new EvaluationRows(
                evaluator, network, selection.Probe.Rows, selection.Rows, frozenMemory - FrozenBytes, selection.KeepsAll ? null : selection.Slots);
            FrozenBytes += _rows[p].FrozenBytes;
        }

        _tokens = _rows.Sum(rows => rows.Tokens);
        _losses = new AlignedBuffer<float>((long)network.Slots * _tokens);
        _probe = new AlignedBuffer<float>((long)network.Slots * _rows.Max(rows => rows.Tokens));
    }

    /// <summary>The bytes that frozen activations hold.</summary>
    public long FrozenBytes { get; private set; }

    /// <summary>Spends what memory is left, probe by probe.</summary>
    public void UseSpareMemory(long bytes)
    {
        foreach (EvaluationRows rows in _rows)
        {
            long before = rows.FrozenBytes;
            rows.UseSpareMemory(bytes);
            bytes -= rows.FrozenBytes - before;
            FrozenBytes += rows.FrozenBytes - before;
        }
    }

    /// <summary>Evaluates the first so many weight vectors that the network was given.</summary>
    public void Evaluate(int count)
    {
        int next = 0;
        foreach (EvaluationRows rows in _rows)
        {
            int tokens = rows.Tokens;
            rows.Losses(count, _probe.Slice(0, count * tokens), []);
            for (int slot = 0; slot < count; slot++)
            {
                _probe.Slice((long)slot * tokens, tokens).CopyTo(_losses.Slice(((long)slot * _tokens) + next, tokens));
            }

            next += tokens;
        }
    }

    /// <summary>ℓ_i of every followed token at one weight vector, nats.</summary>
    public Span<float> Losses(int slot) => _losses.Slice((long)slot * _tokens, _tokens);

    public void Dispose()
    {
        Array.ForEach(_rows, rows => rows.Dispose());
        _losses.Dispose();
        _probe.Dispose();
    }
}
