using Curie.Numerics.Parallelism;
using Curie.Response.Accumulation;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>At every draw: P on the loss rows, ℓ_i of every followed token, and both into the chain's accumulator.</summary>
internal sealed class SusceptibilityObserver : NetworkObserver
{
    private readonly MeanLoss _meanLoss;
    private readonly ProbeLosses _probes;
    private readonly IReadOnlyList<ChainAccumulator> _chains;
    private readonly InitialLosses _initial;
    private readonly WorkerPool _pool;

    public SusceptibilityObserver(
        RestrictedNetwork network, MeanLoss meanLoss, ProbeLosses probes, IReadOnlyList<ChainAccumulator> chains, InitialLosses initial, WorkerPool pool)
        : base(network)
    {
        _meanLoss = meanLoss;
        _probes = probes;
        _chains = chains;
        _initial = initial;
        _pool = pool;
    }

    /// <inheritdoc/>
    protected override void Evaluate(int count)
    {
        _meanLoss.Evaluate(count);
        bool anyFinite = false;
        for (int slot = 0; slot < count; slot++)
        {
            anyFinite |= double.IsFinite(_meanLoss.Mean(slot));
        }

        if (anyFinite)
        {
            _probes.Evaluate(count);
        }
    }

    /// <inheritdoc/>
    protected override double Take(int chain, int slot)
    {
        double p = _meanLoss.Mean(slot);
        if (double.IsFinite(p))
        {
            _chains[chain].Add(p - _initial.Mean, _probes.Losses(slot), _initial.Tokens, _pool);
        }

        return p;
    }
}
