using Curie.Numerics;
using Curie.Sampling;

namespace Curie.Response.Accumulation;

/// <summary>
/// The sums of one component over its healthy pairs of chains, or chains where they are not paired. A pair contributes only when it is
/// added after its last
/// draw, so leaving an excluded pair out gives the same bits as never having run it.
/// </summary>
public sealed class ComponentMoments : IDisposable
{
    private readonly List<PairBatches> _batches = [];

    /// <summary>Empty sums.</summary>
    /// <param name="component">The component's name.</param>
    /// <param name="layout">The probes.</param>
    /// <param name="estimator">How the contributions to the covariance are to be read.</param>
    public ComponentMoments(string component, ProbeLayout layout, CovarianceEstimator estimator = CovarianceEstimator.Product)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Component = component;
        Estimator = estimator;
        Layout = layout;
        Tokens = new TokenMoments(layout.Tokens, estimator);
        Probes = new TokenMoments(layout.Probes, estimator);
    }

    /// <summary>The component's name.</summary>
    public string Component { get; }

    /// <summary>How the contributions to the covariance are to be read.</summary>
    public CovarianceEstimator Estimator { get; }

    /// <summary>The probes.</summary>
    public ProbeLayout Layout { get; }

    /// <summary>The sums per token.</summary>
    public TokenMoments Tokens { get; }

    /// <summary>The sums per probe, of the mean over the probe's tokens.</summary>
    public TokenMoments Probes { get; }

    /// <summary>The batch means of the pairs added, in their order.</summary>
    public IReadOnlyList<PairBatches> Batches => _batches;

    /// <summary>The number of pairs added.</summary>
    public int Pairs => _batches.Count;

    /// <summary>Adds a healthy, finished pair. Add pairs in their own order: the order fixes the rounding.</summary>
    /// <exception cref="InvalidOperationException">The pair has draws left to take.</exception>
    /// <exception cref="DivergenceException">A token's loss was not finite at some draw.</exception>
    public void Add(PairAccumulator pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        if (!pair.IsComplete)
        {
            throw new InvalidOperationException(
                $"A pair of {Component} has {pair.Draws} of its {pair.Tokens.Plan.Draws} draws; only finished pairs are added."
            );
        }

        int token = pair.FirstNonFiniteToken();
        if (token >= 0)
        {
            throw new DivergenceException(
                $"component {Component}: the loss of token {token} was not finite at some draw; lower `step_size` or raise `localization`."
            );
        }

        Tokens.Merge(pair.Tokens.Moments);
        Probes.Merge(pair.Probes.Moments);
        _batches.Add(pair.Batches);
    }

    /// <summary>Writes the sums; <see cref="Restore"/> reads them back bit for bit.</summary>
    public void Save(Stream stream)
    {
        StateStream.WriteCounts(stream, [Pairs]);
        Tokens.Save(stream);
        Probes.Save(stream);
        foreach (PairBatches batches in _batches)
        {
            StateStream.WriteCounts(stream, [batches.Pair, batches.Probes.Batches]);
            batches.Tokens.Save(stream);
            batches.Probes.Save(stream);
        }
    }

    /// <summary>Replaces the sums by those that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InputException">The stream ends early or belongs to another experiment.</exception>
    public void Restore(Stream stream)
    {
        Span<long> pairs = stackalloc long[1];
        Span<long> pair = stackalloc long[2];
        StateStream.Read(stream, pairs);
        Tokens.Restore(stream);
        Probes.Restore(stream);
        _batches.Clear();
        for (long i = 0; i < pairs[0]; i++)
        {
            StateStream.Read(stream, pair);
            int count = checked((int)pair[1]);
            PairBatches batches = new(
                (int)pair[0],
                new BatchRecord(Layout.Sampled, count),
                new BatchRecord([.. Enumerable.Range(0, Layout.Probes)], count)
            );
            batches.Tokens.Restore(stream);
            batches.Probes.Restore(stream);
            _batches.Add(batches);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tokens.Dispose();
        Probes.Dispose();
    }
}
