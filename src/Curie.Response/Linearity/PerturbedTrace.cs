using Curie.Numerics.Statistics;

namespace Curie.Response.Linearity;

/// <summary>
/// P and the probe's mean loss at every draw of the chains of one component, unperturbed and at every share of the probe.
/// </summary>
internal sealed class PerturbedTrace
{
    private readonly double[] _loss;
    private readonly double[] _probe;
    private readonly int _chains;
    private readonly int _draws;

    /// <summary>Room for the draws.</summary>
    /// <param name="vectors">One, and one more for each share.</param>
    /// <param name="chains">The chains.</param>
    /// <param name="draws">The draws of each.</param>
    public PerturbedTrace(int vectors, int chains, int draws)
    {
        (_chains, _draws) = (chains, draws);
        _loss = new double[checked(vectors * chains * draws)];
        _probe = new double[_loss.Length];
    }

    /// <summary>The bytes that it holds.</summary>
    public static long BytesFor(int vectors, int chains, int draws) => 2L * sizeof(double) * vectors * chains * draws;

    /// <summary>Stores a draw.</summary>
    /// <param name="vector">0 for the chain itself, 1 + its place for a share.</param>
    /// <param name="chain">The chain.</param>
    /// <param name="draw">The draw.</param>
    /// <param name="loss">P, nats.</param>
    /// <param name="probe">The probe's mean loss, nats.</param>
    public void Set(int vector, int chain, int draw, double loss, double probe)
    {
        int place = Place(vector, chain, draw);
        (_loss[place], _probe[place]) = (loss, probe);
    }

    /// <summary>P at every draw of a chain.</summary>
    public ReadOnlySpan<double> Loss(int chain) => _loss.AsSpan(Place(0, chain, 0), _draws);

    /// <summary>Δ⟨φ⟩/(nβ·h) of one share, nats².</summary>
    /// <param name="vector">1 + the share's place.</param>
    /// <param name="share">h.</param>
    /// <param name="nBeta">nβ.</param>
    /// <param name="units">The chains of every healthy pair, or every healthy chain.</param>
    /// <param name="batches">The batches of each.</param>
    public CurvePoint Response(int vector, double share, double nBeta, IReadOnlyList<int[]> units, int batches) =>
        Estimate(share, units, batches, (chain, draw) => Rise(vector, chain, draw) / (nBeta * share));

    /// <summary>
    /// (λ̂_h − λ̂_0)/h of one share, λ̂_h = nβ·(E_h[L_h] − L_h(w*)) with L_h = (1 − h)·P + h·L_probe, so that it is nβ·{(E_h[P] − E_0[P])/h
    /// + E_h[L_probe − P] − (L_probe − P)(w*)}.
    /// </summary>
    /// <param name="vector">1 + the share's place.</param>
    /// <param name="share">h.</param>
    /// <param name="nBeta">nβ.</param>
    /// <param name="origin">(L_probe − P)(w*), nats.</param>
    /// <param name="units">The chains of every healthy pair, or every healthy chain.</param>
    /// <param name="batches">The batches of each.</param>
    public CurvePoint Coefficient(int vector, double share, double nBeta, double origin, IReadOnlyList<int[]> units, int batches) =>
        Estimate(share, units, batches, (chain, draw) =>
        {
            int place = Place(vector, chain, draw);
            return nBeta * ((Rise(vector, chain, draw) / share) + _probe[place] - _loss[place] - origin);
        });

    private double Rise(int vector, int chain, int draw) => _loss[Place(vector, chain, draw)] - _loss[Place(0, chain, draw)];

    private int Place(int vector, int chain, int draw) => (((vector * _chains) + chain) * _draws) + draw;

    private CurvePoint Estimate(double share, IReadOnlyList<int[]> units, int batches, Func<int, int, double> value)
    {
        double[][] series =
        [
            .. units.Select(chains => Enumerable.Range(0, _draws).Select(draw => chains.Average(chain => value(chain, draw))).ToArray()),
        ];
        MeanEstimate mean = BatchMeans.Estimate(series, batches);
        return new CurvePoint(share, mean.Mean, mean.StandardError);
    }
}
