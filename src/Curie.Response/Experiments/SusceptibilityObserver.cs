using Curie.Networks.Restricted;
using Curie.Numerics.Parallelism;
using Curie.Response.Accumulation;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>At every draw: P on the loss rows, ℓ_i of every followed token, and both into the accumulator of component and chain.</summary>
internal sealed class SusceptibilityObserver : NetworkObserver
{
    private readonly MeanLoss _meanLoss;
    private readonly ProbeLosses _probes;
    private readonly IReadOnlyList<PairAccumulator[]> _accumulators;
    private readonly InitialLosses _initial;
    private readonly WorkerPool _pool;

    /// <param name="group">The components that vary.</param>
    /// <param name="meanLoss">Evaluates the loss rows.</param>
    /// <param name="probes">Evaluates the followed tokens.</param>
    /// <param name="accumulators">By component and chain.</param>
    /// <param name="initial">The losses at w*.</param>
    /// <param name="pool">Shares the work of accumulating.</param>
    public SusceptibilityObserver(
        IRestrictedGroup group,
        MeanLoss meanLoss,
        ProbeLosses probes,
        IReadOnlyList<PairAccumulator[]> accumulators,
        InitialLosses initial,
        WorkerPool pool)
        : base(group)
    {
        _meanLoss = meanLoss;
        _probes = probes;
        _accumulators = accumulators;
        _initial = initial;
        _pool = pool;
    }

    /// <inheritdoc/>
    protected override void Evaluate(ReadOnlySpan<LoadedWeights> points)
    {
        _meanLoss.Evaluate(points);
        bool anyFinite = false;
        for (int index = 0; index < points.Length; index++)
        {
            anyFinite |= double.IsFinite(_meanLoss.Mean(index));
        }

        if (anyFinite)
        {
            _probes.Evaluate(points);
        }
    }

    /// <inheritdoc/>
    protected override double Take(int member, int chain, int index)
    {
        double p = _meanLoss.Mean(index);
        if (double.IsFinite(p))
        {
            _accumulators[member][chain].Add(p - _initial.Mean, _probes.Losses(index), _initial.Tokens, _pool);
        }

        return p;
    }
}
