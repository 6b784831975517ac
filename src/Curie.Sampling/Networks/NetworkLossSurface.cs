using Curie.Networks.Data;
using Curie.Networks.Passes;
using Curie.Numerics.Random;
using Curie.Text.Packing;

namespace Curie.Sampling.Networks;

/// <summary>
/// The loss of a transformer as a function of one component: the mean per-token loss of a minibatch of token rows. Each chain has its own order
/// of minibatches, keyed by seed and chain and the same for all components, so chains are independent and components see common
/// random numbers.
/// </summary>
public sealed class NetworkLossSurface : ILossSurface
{
    private readonly RestrictedNetwork _network;
    private readonly TransformerEvaluator _evaluator;
    private readonly TokenRows _data;
    private readonly MinibatchOrder[] _orders;
    private readonly int[] _batch;

    /// <summary>A surface over <paramref name="data"/>.</summary>
    /// <param name="network">The network and the component that varies.</param>
    /// <param name="evaluator">Computes losses and gradients.</param>
    /// <param name="data">The rows whose loss defines the posterior.</param>
    /// <param name="order">Shuffled or sequential minibatches.</param>
    /// <param name="batchSize">Rows per minibatch.</param>
    /// <param name="chains">The number of chains.</param>
    /// <param name="seed">The seed of the orders.</param>
    public NetworkLossSurface(
        RestrictedNetwork network, TransformerEvaluator evaluator, TokenRows data, RowOrder order, int batchSize, int chains, long seed)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(data);
        _network = network;
        _evaluator = evaluator;
        _data = data;
        _batch = new int[batchSize];
        _orders =
        [
            .. Enumerable.Range(0, chains)
                .Select(chain => new MinibatchOrder(data.Count, order, PhiloxKey.Derive(seed, RandomPurpose.MinibatchOrder, chain: chain))),
        ];
    }

    /// <inheritdoc/>
    public int Dimension => _network.Component.Restriction.Dimension;

    /// <inheritdoc/>
    public void CopyOrigin(Span<float> w) => _network.CopyOrigin(w);

    /// <inheritdoc/>
    public double Gradient(int chain, long step, ReadOnlySpan<float> w, Span<float> gradient)
    {
        _orders[chain].Fill(step, _batch);
        _network.Load(w);
        return _evaluator.LossAndGradient(_network.Weights, _data, _batch, _network.Plan, gradient);
    }
}
