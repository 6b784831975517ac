using Curie.Networks.Architecture;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Random;
using Curie.Numerics.Statistics;

namespace Curie.Development.Scores;

/// <summary>Mean attention weights of every head over synthetic sequences.</summary>
public sealed class HeadScorer : IDisposable
{
    private readonly TransformerWeights _weights;
    private readonly TransformerConfig _config;
    private readonly WorkerPool _pool;
    private readonly RowPass[] _passes;

    /// <summary>Working memory for every worker of the pool.</summary>
    public HeadScorer(TransformerWeights weights, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(machine);
        _weights = weights;
        _config = weights.Parameters.Layout.Config;
        _pool = machine.Pool;
        _passes = [.. Enumerable.Range(0, machine.Pool.Workers).Select(_ => new RowPass(_config, machine.Kernels))];
    }

    /// <summary>Scores every head.</summary>
    /// <param name="draw">Makes one sample, such as <see cref="AttentionSamples.PrefixMatching"/>.</param>
    /// <param name="samples">How many, at least 2; the published scores use 10,000.</param>
    /// <param name="seed">The seed; sample i has a stream of its own.</param>
    /// <returns>Layer by layer, head by head.</returns>
    public IReadOnlyList<HeadScore> Score(Func<PhiloxStream, AttentionSample> draw, int samples, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 2);
        int heads = _config.Layers * _config.Heads;
        double[] values = new double[samples * heads];
        ScoreBody body = new(this, draw, PhiloxKey.Derive(seed, RandomPurpose.Scores), values);
        _pool.Run(samples, ref body);
        return [.. Enumerable.Range(0, heads).Select(head => Summarize(values, head, heads))];
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_passes, pass => pass.Dispose());

    private HeadScore Summarize(double[] values, int head, int heads)
    {
        RunningMoments moments = default;
        for (int i = head; i < values.Length; i += heads)
        {
            moments.Add(values[i]);
        }

        return new HeadScore(head / _config.Heads, head % _config.Heads, moments.Mean, moments.StandardError);
    }

    private readonly struct ScoreBody(HeadScorer owner, Func<PhiloxStream, AttentionSample> draw, PhiloxKey key, double[] values)
        : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            AttentionSample sample = draw(new PhiloxStream(key, (ulong)item));
            RowPass pass = owner._passes[worker];
            sample.Tokens.CopyTo(pass.BeginRow(sample.Tokens.Length));
            pass.Forward(owner._weights);
            (int layers, int heads) = (owner._config.Layers, owner._config.Heads);
            for (int i = 0; i < layers * heads; i++)
            {
                values[(item * layers * heads) + i] = pass.AttentionProbability(i / heads, i % heads, sample.Query, sample.Key);
            }
        }
    }
}
