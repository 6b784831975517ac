using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Restricted;
using Curie.Numerics.Memory;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;

namespace Curie.Versus.Items;

/// <summary>An update of one chain of every head of a layer, in lockstep on the same minibatch.</summary>
internal sealed class LayerStepItem : IWorkItem
{
    private readonly IRestrictedGroup _group;
    private readonly NetworkSurfaces _surfaces;
    private readonly AlignedBuffer<float>[] _origins;
    private readonly AlignedBuffer<float>[] _gradients;
    private readonly SampledChain[] _chains;
    private readonly SurfacePoint[] _points;
    private readonly double[] _losses;

    public LayerStepItem(Bench bench, string head)
    {
        Component[] heads = LayerHeads.Beside(bench, head);
        _group = RestrictedGroups.Create(bench.Network, heads, slots: 1);
        _surfaces = new NetworkSurfaces(_group, bench.Rows, RowOrder.Sequential, bench.Workload.SampleBatch, chains: 1, seed: 1);
        SamplingOptions options = new()
        {
            StepSize = bench.Workload.StepSize,
            NBeta = bench.Workload.Nbeta,
            Localization = bench.Workload.Localization,
        };
        _losses = new double[heads.Length];
        _origins = new AlignedBuffer<float>[heads.Length];
        _gradients = new AlignedBuffer<float>[heads.Length];
        _chains = new SampledChain[heads.Length];
        _points = new SurfacePoint[heads.Length];
        for (int h = 0; h < heads.Length; h++)
        {
            _origins[h] = new AlignedBuffer<float>(heads[h].Restriction.Dimension);
            _gradients[h] = new AlignedBuffer<float>(heads[h].Restriction.Dimension);
            _group.CopyOrigin(h, _origins[h].Span);
            _chains[h] = new SampledChain(_origins[h], _gradients[h], usesMinibatches: true, options, heads[h].Name, 0, bench.Machine);
            _points[h] = _chains[h].Point(h);
        }

        GroupCost cost = bench.Cost(head, slots: 1);
        Operations = ((heads.Length * cost.GradientEach) + cost.GradientShared) * bench.Workload.SampleBatch * bench.Positions;
    }

    public double Operations { get; }

    public void Run()
    {
        _surfaces.Gradients(0, _chains[0].Step, _points, _losses);
        for (int h = 0; h < _chains.Length; h++)
        {
            _chains[h].Update(_losses[h]);
        }
    }

    public float[] Result() => [];

    public void Dispose()
    {
        Array.ForEach(_chains, chain => chain.Dispose());
        Array.ForEach(_gradients, gradient => gradient.Dispose());
        Array.ForEach(_origins, origin => origin.Dispose());
        _surfaces.Dispose();
        _group.Dispose();
    }
}
