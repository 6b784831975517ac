using Curie.Sampling.Chains;

namespace Curie.Sampling;

/// <summary>Evaluates everything that is wanted at a draw.</summary>
public interface IDrawObserver
{
    /// <summary>
    /// Called once for every draw, when all healthy chains stand there. An observer that can evaluate chains together does so here; unless
    /// it says otherwise they are observed one by one.
    /// </summary>
    /// <param name="run">The chains, of which the healthy ones are to be observed.</param>
    /// <param name="losses">Receives P(w) of every healthy chain, in the chain's place.</param>
    /// <param name="cancellation">Stops between two evaluations.</param>
    void ObserveAll(ComponentRun run, Span<double> losses, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        for (int chain = 0; chain < losses.Length; chain++)
        {
            if (run.IsHealthy(chain))
            {
                cancellation.ThrowIfCancellationRequested();
                losses[chain] = Observe(chain, run.CompletedDraws, run.Weights(chain));
            }
        }
    }

    /// <summary>Observes one draw of one chain.</summary>
    /// <param name="chain">The chain, from 0.</param>
    /// <param name="draw">The draw, from 0.</param>
    /// <param name="w">The chain's restricted weights after the update.</param>
    /// <returns>P(w), the mean loss on the evaluation rows. If it is NaN or infinite the chain is stopped; the observer itself must keep
    /// such a draw out of what it accumulates.</returns>
    double Observe(int chain, int draw, ReadOnlySpan<float> w);
}
