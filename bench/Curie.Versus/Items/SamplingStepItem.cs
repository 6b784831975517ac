using Curie.Networks.Data;
using Curie.Networks.Restricted;
using Curie.Numerics.Memory;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;

namespace Curie.Versus.Items;

/// <summary>
/// Updates of one chain of one component. Without noise the result is the loss before each update, then the weights after the last.
/// </summary>
internal sealed class SamplingStepItem : IWorkItem
{
    private readonly IRestrictedGroup _group;
    private readonly NetworkSurfaces _surfaces;
    private readonly AlignedBuffer<float> _origin;
    private readonly AlignedBuffer<float> _gradient;
    private readonly SampledChain _chain;
    private readonly List<float> _losses = [];
    private readonly bool _noise;

    public SamplingStepItem(Bench bench, string name, bool noise)
    {
        _noise = noise;
        _group = RestrictedGroups.Create(bench.Network, [bench.Component(name)], slots: 1);
        _surfaces = new NetworkSurfaces(_group, bench.Rows, RowOrder.Sequential, bench.Workload.SampleBatch, chains: 1, seed: 1);
        SamplingOptions options = new()
        {
            StepSize = bench.Workload.StepSize,
            NBeta = bench.Workload.Nbeta,
            Localization = bench.Workload.Localization,
            NoiseLevel = noise ? 1 : 0,
        };
        ILossSurface surface = _surfaces.Surfaces[0];
        _origin = new AlignedBuffer<float>(surface.Dimension);
        _gradient = new AlignedBuffer<float>(surface.Dimension);
        surface.CopyOrigin(_origin.Span);
        _chain = new SampledChain(_origin, _gradient, surface.UsesMinibatches, options, name, 0, bench.Machine);
        GroupCost cost = bench.Cost(name, slots: 1);
        Operations = (cost.GradientEach + cost.GradientShared) * bench.Workload.SampleBatch * bench.Positions;
    }

    public double Operations { get; }

    public void Run()
    {
        double loss = _surfaces.Surfaces[0].Gradient(0, _chain.Step, _chain.Weights, _gradient.Span);
        _losses.Add((float)loss);
        _chain.Update(loss);
    }

    public float[] Result() => _noise ? [] : [.. _losses, .. _chain.Weights];

    public void Dispose()
    {
        _chain.Dispose();
        _gradient.Dispose();
        _origin.Dispose();
        _surfaces.Dispose();
        _group.Dispose();
    }
}
