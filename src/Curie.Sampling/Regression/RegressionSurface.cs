using Curie.Networks.Components;
using Curie.Networks.Passes;
using Curie.Networks.Regression;
using Curie.Numerics.Random;

namespace Curie.Sampling.Regression;

/// <summary>
/// The loss of a regression transformer as a function of one component: the mean squared error over a minibatch of fresh sequences, so that
/// the surface is
/// that of the task itself and not of a finite data set. The sequences of a chain's update are addressed by (seed, chain, step): chains are
/// independent, and all components see the same ones.
/// </summary>
public sealed class RegressionSurface : ILossSurface, IDisposable
{
    private readonly RegressionModel _model;
    private readonly TransformerWeights _weights;
    private readonly RegressionEvaluator _evaluator;
    private readonly RegressionGenerator _generator;
    private readonly RegressionBatch _batch;
    private readonly GradientPlan _plan;
    private readonly float[] _origin;
    private readonly long _seed;

    /// <summary>A surface around a checkpoint.</summary>
    /// <param name="checkpoint">w*, which is copied.</param>
    /// <param name="component">What varies.</param>
    /// <param name="batchSize">Sequences per minibatch.</param>
    /// <param name="seed">The seed of the sequences.</param>
    /// <param name="evaluator">Lends arithmetic, threads and working memory; it stays the caller's.</param>
    /// <param name="generator">Makes sequences; it stays the caller's.</param>
    public RegressionSurface(
        RegressionModel checkpoint,
        Component component,
        int batchSize,
        long seed,
        RegressionEvaluator evaluator,
        RegressionGenerator generator
    )
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(component);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(generator);
        Component = component;
        _seed = seed;
        _evaluator = evaluator;
        _generator = generator;
        _model = new RegressionModel(checkpoint.Task, checkpoint.Architecture);
        _model.Parameters.CopyFrom(checkpoint.Parameters);
        _weights = new TransformerWeights(_model.Parameters, evaluator.Machine);
        _plan = new GradientPlan(_model.Parameters.Layout, component.Restriction);
        _batch = new RegressionBatch(checkpoint.Task, batchSize);
        _origin = new float[component.Restriction.Dimension];
        component.Restriction.Gather(checkpoint.Parameters, _origin);
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
        PhiloxKey key = RegressionSequences.Chain(_seed, chain);
        _generator.Fill(_batch, key, step, RegressionScale.Training, _evaluator.Machine.Pool);
        return _evaluator.LossAndGradient(WeightsAt(w), _batch, _plan, gradient);
    }

    /// <summary>The network with the component at <paramref name="w"/> and everything else at w*; until the next call.</summary>
    public TransformerWeights WeightsAt(ReadOnlySpan<float> w)
    {
        Component.Restriction.Scatter(w, _model.Parameters);
        _weights.Refresh(_evaluator.Machine.Pool, Component.Restriction);
        return _weights;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _batch.Dispose();
        _weights.Dispose();
        _model.Dispose();
    }
}
