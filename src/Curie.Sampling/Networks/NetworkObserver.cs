using Curie.Sampling.Chains;

namespace Curie.Sampling.Networks;

/// <summary>Evaluates draws of a network's component, as many chains together as the network holds weight vectors.</summary>
public abstract class NetworkObserver : IGroupObserver
{
    private readonly RestrictedNetwork _network;
    private readonly int[] _chains;

    /// <summary>An observer of one component.</summary>
    protected NetworkObserver(RestrictedNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        _network = network;
        _chains = new int[network.Slots];
    }

    /// <summary>Observes one draw of one chain by itself.</summary>
    public double Observe(int chain, int draw, ReadOnlySpan<float> w)
    {
        _network.Load(w, 0);
        Evaluate(1);
        return Take(chain, 0);
    }

    /// <inheritdoc/>
    public void Observe(IReadOnlyList<ComponentRun> runs, IReadOnlyList<int> members, IReadOnlyList<double[]> losses, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(losses);
        foreach (int member in members)
        {
            Observe(runs[member], losses[member], cancellation);
        }
    }

    private void Observe(ComponentRun run, Span<double> losses, CancellationToken cancellation)
    {
        int next = 0;
        while (next < losses.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = 0;
            for (; next < losses.Length && count < _chains.Length; next++)
            {
                if (run.IsHealthy(next))
                {
                    _network.Load(run.Weights(next), count);
                    _chains[count++] = next;
                }
            }

            if (count > 0)
            {
                Evaluate(count);
            }

            for (int slot = 0; slot < count; slot++)
            {
                losses[_chains[slot]] = Take(_chains[slot], slot);
            }
        }
    }

    /// <summary>Evaluates the network at the first <paramref name="count"/> weight vectors that it was given.</summary>
    protected abstract void Evaluate(int count);

    /// <summary>Takes what was evaluated at weight vector <paramref name="slot"/> as a draw of a chain, and returns P.</summary>
    protected abstract double Take(int chain, int slot);
}
