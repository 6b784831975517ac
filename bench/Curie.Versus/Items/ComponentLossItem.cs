using Curie.Networks.Restricted;
using Curie.Numerics.Files;

namespace Curie.Versus.Items;

/// <summary>
/// Per-token losses at the weights of several chains that differ in one component, as at a draw. What does not depend on the component is
/// computed when the item is made, as in a run, where it serves every draw.
/// </summary>
internal sealed class ComponentLossItem : IWorkItem
{
    /// <summary>Room for all frozen activations of the workload's rows.</summary>
    private const long FrozenMemory = 2L << 30;

    private readonly IRestrictedGroup _group;
    private readonly IFrozenRows _rows;
    private readonly LoadedWeights[] _points;
    private readonly float[][] _weights;
    private readonly float[] _losses;
    private readonly int _tokens;

    public ComponentLossItem(Bench bench, string name)
    {
        using NpyArray<float> weights = NpyFile.Read<float>(Path.Combine(bench.Folder, $"chains-{name}.npy"));
        _weights = [.. Enumerable.Range(0, bench.Workload.Chains).Select(chain => weights.Row(chain).ToArray())];
        _group = RestrictedGroups.Create(bench.Network, [bench.Component(name)], bench.Workload.Chains);
        int[] rows = [.. Enumerable.Range(0, bench.Workload.LossRows)];
        _rows = _group.Freeze(bench.Rows, rows, null, FrozenMemory);
        _rows.UseSpareMemory(FrozenMemory - _rows.FrozenBytes);
        _points = [.. Enumerable.Range(0, _group.Slots).Select(slot => new LoadedWeights(0, slot))];
        _tokens = rows.Length * bench.Positions;
        _losses = new float[_weights.Length * _tokens];
        Operations = bench.Cost(name, bench.Workload.Chains).LossEach * _losses.Length;
    }

    public double Operations { get; }

    public void Run()
    {
        for (int first = 0; first < _weights.Length; first += _points.Length)
        {
            int count = Math.Min(_points.Length, _weights.Length - first);
            for (int slot = 0; slot < count; slot++)
            {
                _group.Load(0, slot, _weights[first + slot]);
            }

            _rows.Losses(_points.AsSpan(0, count), _losses.AsSpan(first * _tokens, count * _tokens), []);
        }
    }

    public float[] Result() => _losses;

    public void Dispose()
    {
        _rows.Dispose();
        _group.Dispose();
    }
}
