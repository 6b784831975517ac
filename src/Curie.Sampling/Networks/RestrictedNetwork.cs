using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;

namespace Curie.Sampling.Networks;

/// <summary>
/// A transformer of which one component varies while every other parameter stays at w*, bit for bit. Chains that share it load theirs
/// before they are evaluated: one at a time in general, several where the component has a shortcut that evaluates them together.
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
    /// <param name="chains">How many weight vectors will be evaluated at every draw; they are held together where that is faster.</param>
    public RestrictedNetwork(ParameterSet origin, Component component, Kernels kernels, WorkerPool pool, int chains = 1)
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(component);
        _origin = origin;
        _pool = pool;
        _parameters = origin.Clone();
        Component = component;
        Weights = new TransformerWeights(_parameters, kernels, pool);
        Plan = new GradientPlan(origin.Layout, component.Restriction);
        if (LastLayerHead.Find(origin.Layout, component.Restriction) is { } head)
        {
            Head = new HeadWeightSet(Weights, head, chains, kernels, pool);
        }
    }

    /// <summary>What varies.</summary>
    public Component Component { get; }

    /// <summary>The weights loaded last.</summary>
    public TransformerWeights Weights { get; }

    /// <summary>The backward pass that the component's gradient needs.</summary>
    public GradientPlan Plan { get; }

    /// <summary>The weight vectors that can be evaluated together.</summary>
    public int Slots => Head?.Slots ?? 1;

    /// <summary>The weight vectors of a head of the last layer; null for every other component.</summary>
    internal HeadWeightSet? Head { get; }

    /// <summary>Writes w*, restricted to the component.</summary>
    public void CopyOrigin(Span<float> w) => Component.Restriction.Gather(_origin, w);

    /// <summary>Puts the component at <paramref name="w"/>, for gradients and plain evaluations.</summary>
    public void Load(ReadOnlySpan<float> w)
    {
        Component.Restriction.Scatter(w, _parameters);
        Weights.Refresh(_pool, Component.Restriction);
    }

    /// <summary>Puts the component at <paramref name="w"/>, and takes that as weight vector <paramref name="slot"/> of the next evaluation.</summary>
    public void Load(ReadOnlySpan<float> w, int slot)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slot, Slots);
        Load(w);
        Head?.Load(slot);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Head?.Dispose();
        Weights.Dispose();
        _parameters.Dispose();
    }
}
