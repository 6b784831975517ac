using Curie.Networks.Components;
using Curie.Networks.Passes;

namespace Curie.Versus.Items;

/// <summary>Per-token losses of the full model.</summary>
internal sealed class TokenLossItem : IWorkItem
{
    private readonly Bench _bench;
    private readonly TransformerWeights _weights;
    private readonly int[] _rows;
    private readonly float[] _losses;

    public TokenLossItem(Bench bench)
    {
        _bench = bench;
        _weights = new TransformerWeights(bench.Model, bench.Machine);
        _rows = [.. Enumerable.Range(0, bench.Workload.LossRows)];
        _losses = new float[_rows.Length * bench.Positions];
    }

    public double Operations => _bench.Cost(Component.FullName, slots: 1).LossEach * _losses.Length;

    public void Run() => _bench.Evaluator.TokenLosses(_weights, _bench.Rows, _rows, _losses, []);

    public float[] Result() => _losses;

    public void Dispose() => _weights.Dispose();
}
