using Curie.Networks.Components;
using Curie.Numerics.Files;
using Curie.Sampling.Networks;

namespace Curie.Versus.Items;

/// <summary>
/// Per-token losses at the weights of several chains that differ in one component, as at a draw. What does not depend on the component is
/// computed when the item is made, as in a run, where it serves every draw.
/// </summary>
internal sealed class ComponentLossItem : IWorkItem
{
    /// <summary>What an experiment gives frozen activations by default.</summary>
    private const long FrozenMemory = 2L << 30;

    private readonly RestrictedNetwork _network;
    private readonly EvaluationRows _rows;
    private readonly float[][] _weights;
    private readonly float[] _losses;

    public ComponentLossItem(Bench bench, string name)
    {
        Component component = bench.Component(name);
        using NpyArray<float> weights = NpyFile.Read<float>(Path.Combine(bench.Folder, $"chains-{name}.npy"));
        _weights = [.. Enumerable.Range(0, bench.Workload.Chains).Select(chain => weights.Row(chain).ToArray())];
        _network = new RestrictedNetwork(bench.Model, component, bench.Kernels, bench.Pool, bench.Workload.Chains);
        int[] rows = [.. Enumerable.Range(0, bench.Workload.LossRows)];
        _rows = new EvaluationRows(bench.Evaluator, _network, bench.Rows, rows, FrozenMemory);
        _rows.UseSpareMemory(FrozenMemory - _rows.FrozenBytes);
        _losses = new float[_weights.Length * _rows.Tokens];
    }

    public void Run()
    {
        for (int first = 0; first < _weights.Length; first += _network.Slots)
        {
            int count = Math.Min(_network.Slots, _weights.Length - first);
            for (int slot = 0; slot < count; slot++)
            {
                _network.Load(_weights[first + slot], slot);
            }

            _rows.Losses(count, _losses.AsSpan(first * _rows.Tokens, count * _rows.Tokens), []);
        }
    }

    public float[] Result() => _losses;

    public void Dispose()
    {
        _rows.Dispose();
        _network.Dispose();
    }
}
