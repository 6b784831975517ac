using Curie.Networks.Restricted;
using Curie.Sampling.Chains;

namespace Curie.Sampling.Networks;

/// <summary>
/// Evaluates draws of a network's components, chains and their companions, as many weight vectors together as the group holds.
/// </summary>
public abstract class NetworkObserver : IGroupObserver
{
    private readonly IRestrictedGroup _group;
    private readonly LoadedWeights[] _points;
    private readonly int[] _chains;
    private readonly int[] _vectors;
    private readonly int[] _loaded;
    private int _count;
    private int _draw;

    /// <summary>An observer of a group.</summary>
    protected NetworkObserver(IRestrictedGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        _group = group;
        _points = new LoadedWeights[CapacityOf(group)];
        _chains = new int[_points.Length];
        _vectors = new int[_points.Length];
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
        IReadOnlyList<ComponentRun> runs,
        IReadOnlyList<int> members,
        IReadOnlyList<double[]> losses,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(losses);
        foreach (int member in members)
        {
            ComponentRun run = runs[member];
            _draw = run.CompletedDraws;
            for (int chain = 0; chain < run.Options.Chains; chain++)
            {
                if (!run.IsHealthy(chain))
                {
                    continue;
                }

                Load(member, chain, 0, run.Weights(chain), losses, cancellation);
                for (int place = 0; place < run.Component.Companions.Count; place++)
                {
                    if (run.Component.Companions[place].IsEvaluated(chain, run.CompletedDraws))
                    {
                        Load(member, chain, place + 1, run.Companion(chain, place), losses, cancellation);
                    }
                }
            }
        }

        Flush(losses, cancellation);
    }

    /// <summary>Evaluates the network at the given weight vectors.</summary>
    /// <param name="points">Where they were loaded.</param>
    /// <param name="vectors">What they are: 0 for a chain itself, 1 + its place for a companion.</param>
    /// <param name="draw">The draw, from 0.</param>
    protected abstract void Evaluate(ReadOnlySpan<LoadedWeights> points, ReadOnlySpan<int> vectors, int draw);

    /// <summary>
    /// Takes what was evaluated at point <paramref name="index"/> of the last evaluation as a draw of a chain, or of one of its companions,
    /// and returns P there. Of
    /// every component, chains come in order, and of every chain, its companions in order after it.
    /// </summary>
    /// <param name="member">The component's place in the group.</param>
    /// <param name="chain">The chain.</param>
    /// <param name="vector">0 for the chain itself, 1 + its place for a companion.</param>
    /// <param name="index">The point.</param>
    protected abstract double Take(int member, int chain, int vector, int index);

    private void Load(
        int member,
        int chain,
        int vector,
        ReadOnlySpan<float> w,
        IReadOnlyList<double[]> losses,
        CancellationToken cancellation
    )
    {
        if (_loaded[member] == _group.Slots)
        {
            Flush(losses, cancellation);
        }

        int slot = _loaded[member]++;
        _group.Load(member, slot, w);
        _points[_count] = new LoadedWeights(member, slot);
        _vectors[_count] = vector;
        _chains[_count++] = chain;
    }

    private void Flush(IReadOnlyList<double[]> losses, CancellationToken cancellation)
    {
        if (_count == 0)
        {
            return;
        }

        cancellation.ThrowIfCancellationRequested();
        Evaluate(_points.AsSpan(0, _count), _vectors.AsSpan(0, _count), _draw);
        for (int i = 0; i < _count; i++)
        {
            int member = _points[i].Component;
            double loss = Take(member, _chains[i], _vectors[i], i);
            if (_vectors[i] == 0 || !double.IsFinite(loss))
            {
                losses[member][_chains[i]] = loss;
            }
        }

        _count = 0;
        Array.Clear(_loaded);
    }
}
