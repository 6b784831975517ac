using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Numerics.Memory;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;

namespace Curie.Versus.Items;

/// <summary>Updates of one chain of one component. Without noise the result is the loss before each update, then the weights after the last.</summary>
internal sealed class SamplingStepItem : IWorkItem
{
    private readonly RestrictedNetwork _network;
    private readonly AlignedBuffer<float> _origin;
    private readonly AlignedBuffer<float> _gradient;
    private readonly NetworkLossSurface _surface;
    private readonly SgldChain _chain;
    private readonly List<float> _losses = [];
    private readonly bool _noise;

    public SamplingStepItem(Bench bench, string name, bool noise)
    {
        _noise = noise;
        Component component = bench.Component(name);
        _network = new RestrictedNetwork(bench.Model, component, bench.Kernels, bench.Pool);
        _surface = new NetworkLossSurface(
            _network, bench.Evaluator, bench.Rows, RowOrder.Sequential, bench.Workload.SampleBatch, chains: 1, seed: 1);
        SamplingOptions options = new()
        {
            StepSize = bench.Workload.StepSize,
            NBeta = bench.Workload.Nbeta,
            Localization = bench.Workload.Localization,
            NoiseLevel = noise ? 1 : 0,
        };
        _origin = new AlignedBuffer<float>(_surface.Dimension);
        _gradient = new AlignedBuffer<float>(_surface.Dimension);
        _surface.CopyOrigin(_origin.Span);
        _chain = new SgldChain(_origin, _gradient, options, name, 0, bench.Kernels, bench.Pool);
    }

    public void Run()
    {
        _losses.Add((float)_surface.Gradient(0, _chain.Step, _chain.Weights, _gradient.Span));
        _chain.Update();
    }

    public float[] Result() => _noise ? [] : [.. _losses, .. _chain.Weights];

    public void Dispose()
    {
        _chain.Dispose();
        _gradient.Dispose();
        _origin.Dispose();
        _network.Dispose();
    }
}
