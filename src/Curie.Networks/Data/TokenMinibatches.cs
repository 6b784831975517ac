using Curie.Text.Packing;

namespace Curie.Networks.Data;

/// <summary>Minibatches of token rows.</summary>
/// <param name="rows">The rows, which stay the caller's.</param>
/// <param name="order">Which of them each minibatch has.</param>
/// <param name="batchSize">Their number.</param>
/// <param name="weights">How much each prediction of the rows counts; null for all alike.</param>
public sealed class TokenMinibatches(TokenRows rows, MinibatchOrder order, int batchSize, LossWeights? weights = null) : IMinibatches
{
    private readonly int[] _indices = new int[batchSize];
    private readonly TokenBatch _batch = new();

    /// <inheritdoc/>
    public IBatch At(long step)
    {
        order.Fill(step, _indices);
        _batch.Fill(rows, _indices, weights);
        return _batch;
    }

    /// <inheritdoc/>
    public void Dispose() => _batch.Dispose();
}
