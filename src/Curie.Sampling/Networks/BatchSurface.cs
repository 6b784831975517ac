using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;

namespace Curie.Sampling.Networks;

/// <summary>
/// The loss of a network as a function of one component: the mean loss of minibatches of any kind, one stream of them for each chain.
/// </summary>
public sealed class BatchSurface : ILossSurface, IDisposable
{
    private readonly ParameterSet _parameters;
    private readonly TransformerWeights _weights;
    private readonly TransformerEvaluator _evaluator;
    private readonly IReadOnlyList<IMinibatches> _minibatches;
    private readonly GradientPlan _plan;
    private readonly float[] _origin;

    /// <summary>A surface around a checkpoint.</summary>
    /// <param name="checkpoint">w*, which is copied.</param>
    /// <param name="component">What varies.</param>
    /// <param name="minibatches">Those of each chain; they stay the caller's.</param>
    /// <param name="evaluator">Lends arithmetic, threads and working memory; it stays the caller's.</param>
    public BatchSurface(
        ParameterSet checkpoint,
        Component component,
        IReadOnlyList<IMinibatches> minibatches,
        TransformerEvaluator evaluator
    )
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(component);
        ArgumentNullException.ThrowIfNull(minibatches);
        ArgumentNullException.ThrowIfNull(evaluator);
        Component = component;
        _minibatches = minibatches;
        _evaluator = evaluator;
        _parameters = checkpoint.Clone();
        _weights = new TransformerWeights(_parameters, evaluator.Machine);
        _plan = new GradientPlan(_parameters.Layout, component.Restriction);
        _origin = new float[component.Restriction.Dimension];
        component.Restriction.Gather(checkpoint, _origin);
    }

    /// <summary>What varies.</summary>
    public Component Component { get; }

    /// <inheritdoc/>
    public int Dimension => _origin.Length;

    /// <inheritdoc/>
    public void CopyOrigin(Span<float> w) => _origin.CopyTo(w);

    /// <inheritdoc/>
    public double Gradient(int chain, long step, ReadOnlySpan<float> w, Span<float> gradient)
    {
        IBatch batch = _minibatches[chain].At(step);
        return _evaluator.LossAndGradient(WeightsAt(w), batch, _plan, gradient);
    }

    /// <summary>The mean loss of every row of a batch at <paramref name="w"/>.</summary>
    internal void RowMeans(IBatch batch, ReadOnlySpan<float> w, Span<double> means) => _evaluator.MeanLoss(WeightsAt(w), batch, means);

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _parameters.Dispose();
    }

    /// <summary>The network with the component at <paramref name="w"/> and everything else at w*; until the next call.</summary>
    private TransformerWeights WeightsAt(ReadOnlySpan<float> w)
    {
        Component.Restriction.Scatter(w, _parameters);
        _weights.Refresh(_evaluator.Machine.Pool, Component.Restriction);
        return _weights;
    }
}
