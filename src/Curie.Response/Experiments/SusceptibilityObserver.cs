using Curie.Numerics.Parallelism;
using Curie.Response.Accumulation;
using Curie.Sampling;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>At every draw: P on the loss rows, ℓ_i of every followed token, and both into the chain's accumulator.</summary>
internal sealed class SusceptibilityObserver : IDrawObserver
{
    private readonly RestrictedNetwork _network;
    private readonly MeanLoss _meanLoss;
    private readonly ProbeLosses _probes;
    private readonly IReadOnlyList<ChainAccumulator> _chains;
    private readonly InitialLosses _initial;
    private readonly float[] _losses;
    private readonly WorkerPool _pool;

    public SusceptibilityObserver(
        RestrictedNetwork network, MeanLoss meanLoss, ProbeLosses probes, IReadOnlyList<ChainAccumulator> chains, InitialLosses initial, WorkerPool pool)
    {
        _network = network;
        _meanLoss = meanLoss;
        _probes = probes;
        _chains = chains;
        _initial = initial;
        _losses = new float[initial.Tokens.Length];
        _pool = pool;
    }

    /// <inheritdoc/>
    public double Observe(int chain, int draw, ReadOnlySpan<float> w)
    {
        _network.Load(w);
        double p = _meanLoss.Evaluate(_network.Weights);
        if (double.IsFinite(p))
        {
            _probes.Evaluate(_network.Weights, _losses);
            _chains[chain].Add(p - _initial.Mean, _losses, _initial.Tokens, _pool);
        }

        return p;
    }
}
