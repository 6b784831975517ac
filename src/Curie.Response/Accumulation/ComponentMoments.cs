using Curie.Numerics;

namespace Curie.Response.Accumulation;

/// <summary>
/// The sums of one component over its healthy chains. A chain contributes only when it is added after its last draw, so leaving an
/// excluded chain out gives the same bits as never having run it.
/// </summary>
public sealed class ComponentMoments : IDisposable
{
    private readonly List<ChainBatches> _batches = [];

    /// <summary>Empty sums.</summary>
    /// <param name="component">The component's name.</param>
    /// <param name="layout">The probes.</param>
    public ComponentMoments(string component, ProbeLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Component = component;
        Layout = layout;
        Tokens = new TokenMoments(layout.Tokens);
        Probes = new TokenMoments(layout.Probes);
    }

    /// <summary>The component's name.</summary>
    public string Component { get; }

    /// <summary>The probes.</summary>
    public ProbeLayout Layout { get; }

    /// <summary>The sums per token.</summary>
    public TokenMoments Tokens { get; }

    /// <summary>The sums per probe, of the mean over the probe's tokens.</summary>
    public TokenMoments Probes { get; }

    /// <summary>The batch means of the chains added, in their order.</summary>
    public IReadOnlyList<ChainBatches> Batches => _batches;

    /// <summary>The number of chains added.</summary>
    public int Chains => _batches.Count;

    /// <summary>Adds a healthy, finished chain. Add chains in their own order: the order fixes the rounding.</summary>
    /// <exception cref="InvalidOperationException">The chain has draws left to take.</exception>
    /// <exception cref="InputException">A token's loss was not finite at some draw.</exception>
    public void Add(ChainAccumulator chain)
    {
        ArgumentNullException.ThrowIfNull(chain);
        if (!chain.IsComplete)
        {
            throw new InvalidOperationException($"A chain of {Component} has {chain.Draws} of its {chain.Tokens.Plan.Draws} draws; only finished chains are added.");
        }

        int token = chain.FirstNonFiniteToken();
        if (token >= 0)
        {
            throw new InputException($"component {Component}: the loss of token {token} was not finite at some draw; lower `step_size` or raise `localization`.");
        }

        Tokens.Merge(chain.Tokens.Moments);
        Probes.Merge(chain.Probes.Moments);
        _batches.Add(chain.Batches);
    }

    /// <summary>Writes the sums; <see cref="Restore"/> reads them back bit for bit.</summary>
    public void Save(Stream stream)
    {
        StateStream.WriteCounts(stream, [Chains]);
        Tokens.Save(stream);
        Probes.Save(stream);
        foreach (ChainBatches batches in _batches)
        {
            StateStream.WriteCounts(stream, [batches.Chain, batches.Probes.Batches]);
            batches.Tokens.Save(stream);
            batches.Probes.Save(stream);
        }
    }

    /// <summary>Replaces the sums by those that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InputException">The stream ends early or belongs to another experiment.</exception>
    public void Restore(Stream stream)
    {
        Span<long> chains = stackalloc long[1];
        Span<long> chain = stackalloc long[2];
        StateStream.Read(stream, chains);
        Tokens.Restore(stream);
        Probes.Restore(stream);
        _batches.Clear();
        for (long i = 0; i < chains[0]; i++)
        {
            StateStream.Read(stream, chain);
            int count = checked((int)chain[1]);
            ChainBatches batches = new(
                (int)chain[0], new BatchRecord(Layout.Sampled, count), new BatchRecord([.. Enumerable.Range(0, Layout.Probes)], count));
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
