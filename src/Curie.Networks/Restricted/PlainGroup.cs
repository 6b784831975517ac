using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Memory;
using Curie.Text.Packing;

namespace Curie.Networks.Restricted;

/// <summary>
/// One component of any kind, one weight vector at a time, through the whole network from the first point that the component changes.
/// The reference for every shortcut.
/// </summary>
internal sealed class PlainGroup : IRestrictedGroup
{
    private readonly FrozenNetwork _network;
    private readonly Restriction _restriction;
    private readonly ParameterSet _parameters;
    private readonly TransformerWeights _weights;
    private readonly GradientPlan _plan;

    public PlainGroup(FrozenNetwork network, Component component)
    {
        _network = network;
        _restriction = component.Restriction;
        _parameters = network.Origin.Clone();
        _weights = new TransformerWeights(_parameters, network.Evaluator.Machine);
        _plan = new GradientPlan(network.Layout, _restriction);
        Components = [component];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Component> Components { get; }

    /// <inheritdoc/>
    public int Slots => 1;

    /// <inheritdoc/>
    public int GradientSlots => 1;

    /// <inheritdoc/>
    public void CopyOrigin(int component, Span<float> w)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(component, 0);
        _restriction.Gather(_network.Origin, w);
    }

    /// <inheritdoc/>
    public void Load(int component, int slot, ReadOnlySpan<float> w)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(component, 0);
        ArgumentOutOfRangeException.ThrowIfNotEqual(slot, 0);
        ArgumentOutOfRangeException.ThrowIfNotEqual(w.Length, _restriction.Dimension);
        _restriction.Scatter(w, _parameters);
        _weights.Refresh(_network.Pool, _restriction);
    }

    /// <inheritdoc/>
    public IFrozenRows Freeze(TokenRows rows, IReadOnlyList<int> indices, IReadOnlyList<int>? wanted, long memory) =>
        new PlainRows(_network.Evaluator, _weights, _plan, rows, indices, wanted, memory);

    /// <inheritdoc/>
    public void LossesAndGradients(
        TokenRows rows,
        ReadOnlySpan<int> batch,
        ReadOnlySpan<LoadedWeights> points,
        Span<double> losses,
        IReadOnlyList<AlignedBuffer<float>> gradients,
        LossWeights? counts = null
    )
    {
        ArgumentNullException.ThrowIfNull(gradients);
        if (points is [{ Component: 0, Slot: 0 }])
        {
            losses[0] = _network.Evaluator.LossAndGradient(
                _weights,
                rows,
                batch,
                _plan,
                gradients[0].Slice(0, _restriction.Dimension),
                counts
            );
        }
        else if (!points.IsEmpty)
        {
            throw new ArgumentException("The group has one component, at one weight vector.", nameof(points));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _parameters.Dispose();
    }
}
