using Curie.Sampling.Chains;

namespace Curie.Sampling;

/// <summary>Evaluates everything that is wanted at a draw of several components, when all their healthy chains stand there.</summary>
public interface IGroupObserver
{
    /// <summary>Observes one draw. Draws whose P is NaN or infinite must stay out of what the observer accumulates.</summary>
    /// <param name="runs">All components of the group.</param>
    /// <param name="members">Those that stand at a draw, by their places; the others wait.</param>
    /// <param name="losses">Receives P(w), the mean loss on the evaluation rows: losses[member][chain] of every healthy chain of every
    /// member.</param>
    /// <param name="cancellation">Stops between two evaluations.</param>
    void Observe(
        IReadOnlyList<ComponentRun> runs,
        IReadOnlyList<int> members,
        IReadOnlyList<double[]> losses,
        CancellationToken cancellation
    );
}
