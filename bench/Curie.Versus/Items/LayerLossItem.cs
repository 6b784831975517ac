using Curie.Networks.Components;
using Curie.Networks.Restricted;
using Curie.Numerics.Files;

namespace Curie.Versus.Items;

/// <summary>
/// Per-token losses at a draw of every head of a layer, all chains of each, in lockstep. Every head is moved from w* by what the chains of
/// one of them were; nothing is kept from draw to draw, as in a run over many tokens.
/// </summary>
internal sealed class LayerLossItem : IWorkItem
{
    private readonly IRestrictedGroup _group;
    private readonly IFrozenRows _rows;
    private readonly LoadedWeights[] _points;
    private readonly float[][] _weights;
    private readonly float[] _losses;

    public LayerLossItem(Bench bench, string head)
    {
        Component[] heads = LayerHeads.Beside(bench, head);
        using NpyArray<float> moved = NpyFile.Read<float>(Path.Combine(bench.Folder, $"chains-{head}.npy"));
        float[] origin = Origin(bench, bench.Component(head));
        int chains = bench.Workload.Chains;
        _group = RestrictedGroups.Create(bench.Network, heads, chains);
        int[] rows = [.. Enumerable.Range(0, bench.Workload.LossRows)];
        _rows = _group.Freeze(bench.Rows, rows, null, memory: 0);
        _points = [.. Enumerable.Range(0, heads.Length * chains).Select(i => new LoadedWeights(i / chains, i % chains))];
        _weights =
        [
            .. _points.Select(point =>
            {
                float[] w = Origin(bench, heads[point.Component]);
                ReadOnlySpan<float> chain = moved.Row(point.Slot);
                for (int i = 0; i < w.Length; i++)
                {
                    w[i] += chain[i] - origin[i];
                }

                return w;
            }),
        ];
        _losses = new float[_points.Length * rows.Length * bench.Positions];
        GroupCost cost = bench.Cost(head, chains);
        Operations = (cost.LossEach + (cost.LossShared / _points.Length)) * _losses.Length;
    }

    public double Operations { get; }

    public void Run()
    {
        for (int i = 0; i < _points.Length; i++)
        {
            _group.Load(_points[i].Component, _points[i].Slot, _weights[i]);
        }

        _rows.Losses(_points, _losses, []);
    }

    public float[] Result() => [];

    public void Dispose()
    {
        _rows.Dispose();
        _group.Dispose();
    }

    private static float[] Origin(Bench bench, Component component)
    {
        float[] w = new float[component.Restriction.Dimension];
        component.Restriction.Gather(bench.Model, w);
        return w;
    }
}
