using Curie.Numerics.Statistics;
using Curie.Sampling.Chains;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Validation;

/// <summary>
/// Watches the chains of one component and their shadows, perturbed by s·P: at every draw the mean over copies, and over the chains of a
/// pair, of [e(w⁺) − e(w)]/s, and of
/// P, e and P·e at the chain.
/// </summary>
internal sealed class ResponseObserver : IGroupObserver
{
    private readonly ILossSurface _observable;
    private readonly ILossSurface _data;
    private readonly SurfaceObserver _loss;
    private readonly double _strength;
    private readonly float[] _gradient;
    private readonly double[][] _responses;
    private readonly double[][] _observables;
    private readonly double[][] _values;
    private readonly double[][] _products;

    /// <param name="loss">The loss of all copies, without noise.</param>
    /// <param name="observable">P of one copy.</param>
    /// <param name="data">e of one copy.</param>
    /// <param name="strength">s, over σ² where the noise is scaled by σ.</param>
    /// <param name="options">How the chains move.</param>
    public ResponseObserver(ILossSurface loss, ILossSurface observable, ILossSurface data, double strength, SamplingOptions options)
    {
        _loss = new SurfaceObserver(loss);
        _observable = observable;
        _data = data;
        _strength = strength;
        _gradient = new float[data.Dimension];
        _responses = Series();
        _observables = Series();
        _values = Series();
        _products = Series();

        double[][] Series() => [.. Enumerable.Range(0, options.Units).Select(_ => new double[options.Draws])];
    }

    /// <summary>The response: the mean of its draws, with the error of batch means of pairs.</summary>
    /// <param name="units">The pairs, or single chains, that are healthy.</param>
    public MeanEstimate Response(IReadOnlyList<int> units) => BatchMeans.Estimate([.. units.Select(unit => _responses[unit])]);

    /// <summary>−Cov(P, e) of a copy as the product of fluctuations, with the error of the batch means of its linearisation.</summary>
    /// <param name="units">The pairs, or single chains, that are healthy.</param>
    public MeanEstimate Product(IReadOnlyList<int> units)
    {
        double observable = units.Average(unit => _observables[unit].Average());
        double value = units.Average(unit => _values[unit].Average());
        return BatchMeans.Estimate([
            .. units.Select(unit =>
                _products[unit]
                    .Select(
                        (product, draw) =>
                            -(product - (observable * _values[unit][draw]) - (value * _observables[unit][draw]) + (observable * value))
                    )
                    .ToArray()
            ),
        ]);
    }

    /// <inheritdoc/>
    public void Observe(
        IReadOnlyList<ComponentRun> runs,
        IReadOnlyList<int> members,
        IReadOnlyList<double[]> losses,
        CancellationToken cancellation
    )
    {
        cancellation.ThrowIfCancellationRequested();
        ComponentRun run = runs[0];
        for (int chain = 0; chain < run.Options.Chains; chain++)
        {
            if (run.IsHealthy(chain))
            {
                losses[0][chain] = _loss.Observe(chain, run.CompletedDraws, run.Weights(chain));
                Add(run, chain, run.CompletedDraws);
            }
        }
    }

    private void Add(ComponentRun run, int chain, int draw)
    {
        ReadOnlySpan<float> w = run.Weights(chain);
        ReadOnlySpan<float> shadow = run.Companion(chain, 0);
        int dimension = _data.Dimension;
        double share = (double)dimension / w.Length / run.Options.ChainsPerUnit;
        int unit = chain / run.Options.ChainsPerUnit;
        for (int first = 0; first < w.Length; first += dimension)
        {
            double p = _observable.Gradient(chain, draw, w.Slice(first, dimension), _gradient);
            double e = _data.Gradient(chain, draw, w.Slice(first, dimension), _gradient);
            double perturbed = _data.Gradient(chain, draw, shadow.Slice(first, dimension), _gradient);
            _responses[unit][draw] += share * (perturbed - e) / _strength;
            _observables[unit][draw] += share * p;
            _values[unit][draw] += share * e;
            _products[unit][draw] += share * p * e;
        }
    }
}
