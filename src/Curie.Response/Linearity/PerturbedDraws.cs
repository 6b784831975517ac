using Curie.Networks.Restricted;
using Curie.Response.Experiments;
using Curie.Sampling.Networks;

namespace Curie.Response.Linearity;

/// <summary>At every draw: P and the probe's mean loss at the chains and at their companions, kept one by one.</summary>
internal sealed class PerturbedDraws : NetworkObserver
{
    private readonly MeanLoss _loss;
    private readonly MeanLoss _probe;
    private readonly PerturbedTrace[] _traces;
    private int _draw;

    /// <param name="group">The components that vary.</param>
    /// <param name="loss">Evaluates the loss rows.</param>
    /// <param name="probe">Evaluates the probe's rows.</param>
    /// <param name="traces">Where the losses of each component go.</param>
    public PerturbedDraws(IRestrictedGroup group, MeanLoss loss, MeanLoss probe, PerturbedTrace[] traces)
        : base(group)
    {
        _loss = loss;
        _probe = probe;
        _traces = traces;
    }

    /// <inheritdoc/>
    protected override void Evaluate(ReadOnlySpan<LoadedWeights> points, ReadOnlySpan<int> vectors, int draw)
    {
        _draw = draw;
        _loss.Evaluate(points);
        _probe.Evaluate(points);
    }

    /// <inheritdoc/>
    protected override double Take(int member, int chain, int vector, int index)
    {
        double p = _loss.Mean(index);
        double probe = _probe.Mean(index);
        _traces[member].Set(vector, chain, _draw, p, probe);
        return double.IsFinite(probe) ? p : probe;
    }
}
