using Curie.Networks.Restricted;
using Curie.Sampling.Chains;

namespace Curie.Sampling.Networks;

/// <summary>Evaluates draws of a network's components, as many components and chains together as the group holds weight vectors.</summary>
public abstract class NetworkObserver : IGroupObserver
{
    private readonly IRestrictedGroup _group;
    private readonly LoadedWeights[] _points;
    private readonly int[] _chains;
    private readonly int[] _loaded;
    private int _count;

    /// <summary>An observer of a group.</summary>
    protected NetworkObserver(IRestrictedGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        _group = group;
        _points = new LoadedWeights[CapacityOf(group)];
        _chains = new int[_points.Length];
        _loaded = new int[group.Components.Count];
    }

    /// <summary>How many weight vectors of a group are evaluated together at most.</summary>
    public static int CapacityOf(IRestrictedGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return group.Components.Count * group.Slots;
    }

    /// <inheritdoc/>
    public void Observe(
        IReadOnlyList<ComponentRun> runs, IReadOnlyList<int> members, IReadOnlyList<double[]> losses, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(losses);
        foreach (int member in members)
        {
            ComponentRun run = runs[member];
            for (int chain = 0; chain < run.Options.Chains; chain++)
            {
                if (!run.IsHealthy(chain))
                {
                    continue;
                }

                if (_loaded[member] == _group.Slots)
                {
                    Flush(losses, cancellation);
                }

                Load(member, chain, run.Weights(chain));
            }
        }

        Flush(losses, cancellation);
    }

    /// <summary>Evaluates the network at the given weight vectors.</summary>
    protected abstract void Evaluate(ReadOnlySpan<LoadedWeights> points);

    /// <summary>Takes what was evaluated at point <paramref name="index"/> of the last evaluation as a draw of a chain, and returns P.</summary>
    protected abstract double Take(int member, int chain, int index);

    private void Load(int member, int chain, ReadOnlySpan<float> w)
    {
        int slot = _loaded[member]++;
        _group.Load(member, slot, w);
        _points[_count] = new LoadedWeights(member, slot);
        _chains[_count++] = chain;
    }

    private void Flush(IReadOnlyList<double[]> losses, CancellationToken cancellation)
    {
        if (_count == 0)
        {
            return;
        }

        cancellation.ThrowIfCancellationRequested();
        Evaluate(_points.AsSpan(0, _count));
        for (int i = 0; i < _count; i++)
        {
            int member = _points[i].Component;
            losses[member][_chains[i]] = Take(member, _chains[i], i);
        }

        _count = 0;
        Array.Clear(_loaded);
    }
}
