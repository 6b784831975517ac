using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;

namespace Curie.Sampling.Networks;

/// <summary>
/// A transformer of which one component varies while every other parameter stays at w*, bit for bit. It holds one set of weights at a
/// time; chains that share it load theirs before they are evaluated.
/// </summary>
public sealed class RestrictedNetwork : IDisposable
{
    private readonly ParameterSet _origin;
    private readonly ParameterSet _parameters;
    private readonly WorkerPool _pool;

    /// <summary>The network at w*.</summary>
    /// <param name="origin">w*, not written to.</param>
    /// <param name="component">What varies.</param>
    /// <param name="kernels">Packs the weights.</param>
    /// <param name="pool">Packs in parallel.</param>
    public RestrictedNetwork(ParameterSet origin, Component component, Kernels kernels, WorkerPool pool)
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(component);
        _origin = origin;
        _pool = pool;
        _parameters = origin.Clone();
        Component = component;
        Weights = new TransformerWeights(_parameters, kernels, pool);
        Plan = new GradientPlan(origin.Layout, component.Restriction);
    }

    /// <summary>What varies.</summary>
    public Component Component { get; }

    /// <summary>The weights loaded last.</summary>
    public TransformerWeights Weights { get; }

    /// <summary>The backward pass that the component's gradient needs.</summary>
    public GradientPlan Plan { get; }

    /// <summary>Writes w*, restricted to the component.</summary>
    public void CopyOrigin(Span<float> w) => Component.Restriction.Gather(_origin, w);

    /// <summary>Puts the component at <paramref name="w"/>.</summary>
    public void Load(ReadOnlySpan<float> w)
    {
        Component.Restriction.Scatter(w, _parameters);
        Weights.Refresh(_pool, Component.Restriction);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Weights.Dispose();
        _parameters.Dispose();
    }
}
