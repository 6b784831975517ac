using Curie.Networks.Restricted;
using Curie.Numerics.Memory;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>Evaluates the followed tokens of all probes, in the run folder's order, at several weight vectors.</summary>
internal sealed class ProbeLosses : IDisposable
{
    private readonly IReadOnlyList<ProbeSelection> _selections;
    private readonly FrozenRowSets _rows;
    private readonly AlignedBuffer<float> _losses;
    private readonly AlignedBuffer<float> _probe;
    private readonly int _tokens;

    public ProbeLosses(IRestrictedGroup group, IReadOnlyList<ProbeSelection> selections, long frozenMemory)
    {
        _selections = selections;
        _rows = new FrozenRowSets(group);
        foreach (ProbeSelection selection in selections)
        {
            _rows.Add(selection.Probe.Rows, selection.Rows, selection.KeepsAll ? null : selection.Slots, frozenMemory);
        }

        int capacity = NetworkObserver.CapacityOf(group);
        _tokens = selections.Sum(selection => selection.Count);
        _losses = new AlignedBuffer<float>((long)capacity * _tokens);
        _probe = new AlignedBuffer<float>((long)capacity * selections.Max(selection => selection.Count));
    }

    /// <summary>The bytes that frozen activations hold.</summary>
    public long FrozenBytes => _rows.Bytes;

    /// <summary>The bytes that the losses at one weight vector take.</summary>
    public static long BytesPerEvaluation(IReadOnlyList<ProbeSelection> selections) =>
        sizeof(float) * (selections.Sum(selection => (long)selection.Count) + selections.Max(selection => selection.Count));

    /// <summary>Spends what memory is left, probe by probe.</summary>
    public void UseSpareMemory(long bytes) => _rows.UseSpareMemory(bytes);

    /// <summary>Evaluates loaded weight vectors.</summary>
    public void Evaluate(ReadOnlySpan<LoadedWeights> points)
    {
        int next = 0;
        for (int p = 0; p < _rows.Count; p++)
        {
            int tokens = _selections[p].Count;
            _rows[p].Losses(points, _probe.Slice(0, points.Length * tokens), []);
            for (int index = 0; index < points.Length; index++)
            {
                _probe.Slice((long)index * tokens, tokens).CopyTo(_losses.Slice(((long)index * _tokens) + next, tokens));
            }

            next += tokens;
        }
    }

    /// <summary>ℓ_i of every followed token at point <paramref name="index"/> of the last evaluation, nats.</summary>
    public Span<float> Losses(int index) => _losses.Slice((long)index * _tokens, _tokens);

    /// <summary>The mean over all followed tokens at point <paramref name="index"/> of the last evaluation, nats per token.</summary>
    public double Mean(int index)
    {
        double sum = 0;
        foreach (float loss in Losses(index))
        {
            sum += loss;
        }

        return sum / _tokens;
    }

    /// <summary>
    /// The mean over the followed tokens of every row at point <paramref name="index"/> of the last evaluation, nats per token.
    /// </summary>
    public double[] RowMeans(int index)
    {
        List<double> means = [];
        Span<float> losses = Losses(index);
        int next = 0;
        foreach (ProbeSelection selection in _selections)
        {
            for (int start = 0; start < selection.Count; )
            {
                double sum = 0;
                int end = start;
                for (; end < selection.Count && selection.RowOf(end) == selection.RowOf(start); end++)
                {
                    sum += losses[next + end];
                }

                means.Add(sum / (end - start));
                start = end;
            }

            next += selection.Count;
        }

        return [.. means];
    }

    public void Dispose()
    {
        _rows.Dispose();
        _losses.Dispose();
        _probe.Dispose();
    }
}
