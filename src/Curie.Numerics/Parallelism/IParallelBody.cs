namespace Curie.Numerics.Parallelism;

/// <summary>The body of a parallel loop. A struct, so that starting a loop allocates nothing.</summary>
public interface IParallelBody
{
    /// <summary>
    /// Does item <paramref name="item"/>. Items run in any order on any worker, so an item writes only what belongs to it; sums over
    /// items are made afterwards in item order. That is what keeps results bit-identical for every number of threads.
    /// </summary>
    /// <param name="item">The item, from 0.</param>
    /// <param name="worker">The worker that runs it, from 0 to <see cref="WorkerPool.Workers"/> − 1; for picking working memory
    /// only.</param>
    void Invoke(int item, int worker);
}
