using Curie.Networks.Data;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Random;

namespace Curie.Networks.Regression;

/// <summary>Minibatches of fresh sequences, so that the loss is that of the task itself and not of a finite data set.</summary>
/// <param name="generator">Makes the sequences; it stays the caller's.</param>
/// <param name="key">The stream that they come from.</param>
/// <param name="batchSize">Their number.</param>
/// <param name="pool">The threads.</param>
public sealed class RegressionMinibatches(RegressionGenerator generator, PhiloxKey key, int batchSize, WorkerPool pool) : IMinibatches
{
    private readonly RegressionBatch _batch = new(generator.Task, batchSize);

    /// <inheritdoc/>
    public IBatch At(long step)
    {
        generator.Fill(_batch, key, step, RegressionScale.Training, pool);
        return _batch;
    }

    /// <inheritdoc/>
    public void Dispose() => _batch.Dispose();
}
