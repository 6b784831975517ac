using Curie.Networks.Regression;
using Curie.Sampling.Networks;

namespace Curie.Sampling.Regression;

/// <summary>
/// At every draw of a component: P on fixed sequences, and every sequence's own mean squared error, added up chain by chain.
/// </summary>
public sealed class RegressionObserver : IDrawObserver
{
    private readonly RegressionSurface _surface;
    private readonly RegressionEvaluator _evaluator;
    private readonly RegressionBatch _batch;
    private readonly double[] _means;
    private readonly double[][] _sums;
    private readonly int[] _draws;

    /// <summary>An observer that has seen no draw.</summary>
    /// <param name="surface">The component.</param>
    /// <param name="batch">The sequences that give P; they stay the caller's.</param>
    /// <param name="evaluator">Computes losses; it stays the caller's.</param>
    /// <param name="chains">The number of chains.</param>
    public RegressionObserver(RegressionSurface surface, RegressionBatch batch, RegressionEvaluator evaluator, int chains)
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(evaluator);
        _surface = surface;
        _batch = batch;
        _evaluator = evaluator;
        _means = new double[batch.Count];
        _sums = [.. Enumerable.Range(0, chains).Select(_ => new double[batch.Count])];
        _draws = new int[chains];
    }

    /// <summary>The mean squared error of every sequence at w*.</summary>
    public double[] InitialSequenceMeans()
    {
        float[] origin = new float[_surface.Dimension];
        _surface.CopyOrigin(origin);
        double[] means = new double[_batch.Count];
        _evaluator.Loss(_surface.WeightsAt(origin), _batch, means);
        return means;
    }

    /// <inheritdoc/>
    public double Observe(int chain, int draw, ReadOnlySpan<float> w)
    {
        _evaluator.Loss(_surface.WeightsAt(w), _batch, _means);
        double loss = LearningCoefficientObserver.MeanOf(_means);
        if (double.IsFinite(loss))
        {
            _draws[chain]++;
            for (int i = 0; i < _means.Length; i++)
            {
                _sums[chain][i] += _means[i];
            }
        }

        return loss;
    }

    /// <summary>The mean over the draws of some chains of every sequence's error; NaN if they have none.</summary>
    public double[] SequenceMeans(IReadOnlyList<int> chains)
    {
        double draws = chains.Sum(chain => _draws[chain]);
        return [.. Enumerable.Range(0, _means.Length).Select(i => chains.Sum(chain => _sums[chain][i]) / draws)];
    }
}
