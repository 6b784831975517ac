namespace Curie.Sampling.Chains;

/// <summary>Observes the only component of a group chain by chain.</summary>
internal sealed class SeparateDraws(IDrawObserver observer) : IGroupObserver
{
    public void Observe(
        IReadOnlyList<ComponentRun> runs,
        IReadOnlyList<int> members,
        IReadOnlyList<double[]> losses,
        CancellationToken cancellation
    )
    {
        foreach (int member in members)
        {
            ComponentRun run = runs[member];
            for (int chain = 0; chain < run.Options.Chains; chain++)
            {
                if (run.IsHealthy(chain))
                {
                    cancellation.ThrowIfCancellationRequested();
                    losses[member][chain] = observer.Observe(chain, run.CompletedDraws, run.Weights(chain));
                }
            }
        }
    }
}
