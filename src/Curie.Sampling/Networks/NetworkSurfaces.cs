using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Restricted;
using Curie.Numerics.Memory;
using Curie.Numerics.Random;
using Curie.Text.Packing;

namespace Curie.Sampling.Networks;

/// <summary>
/// The losses of a transformer as functions of one component each: the mean per-token loss of a minibatch of token rows. Each chain has its own
/// order of minibatches, keyed by seed and chain and the same for all components, so chains are independent, components see common random
/// numbers, and what no component of the group changes is computed once for a minibatch.
/// </summary>
public sealed class NetworkSurfaces : ILossSurfaceGroup, IDisposable
{
    private readonly IRestrictedGroup _group;
    private readonly TokenRows _data;
    private readonly MinibatchOrder[] _orders;
    private readonly int[] _batch;
    private readonly int[] _components;
    private readonly AlignedBuffer<float>[] _gradients;
    private readonly Surface[] _surfaces;

    /// <summary>Surfaces over <paramref name="data"/>.</summary>
    /// <param name="group">The components that vary, each by itself.</param>
    /// <param name="data">The rows whose loss defines the posterior.</param>
    /// <param name="order">Shuffled or sequential minibatches.</param>
    /// <param name="batchSize">Rows per minibatch.</param>
    /// <param name="chains">The number of chains.</param>
    /// <param name="seed">The seed of the orders.</param>
    public NetworkSurfaces(IRestrictedGroup group, TokenRows data, RowOrder order, int batchSize, int chains, long seed)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(data);
        _group = group;
        _data = data;
        _batch = new int[batchSize];
        _orders =
        [
            .. Enumerable.Range(0, chains)
                .Select(chain => new MinibatchOrder(data.Count, order, PhiloxKey.Derive(seed, RandomPurpose.MinibatchOrder, chain: chain))),
        ];
        _surfaces = [.. Enumerable.Range(0, group.Components.Count).Select(place => new Surface(this, place))];
        _components = new int[_surfaces.Length];
        _gradients = new AlignedBuffer<float>[_surfaces.Length];
    }

    /// <inheritdoc/>
    public IReadOnlyList<ILossSurface> Surfaces => _surfaces;

    /// <inheritdoc/>
    public void Gradients(int chain, long step, ReadOnlySpan<SurfacePoint> points, Span<double> losses)
    {
        _orders[chain].Fill(step, _batch);
        for (int i = 0; i < points.Length; i++)
        {
            _group.Load(points[i].Surface, 0, points[i].Weights.Span);
            _components[i] = points[i].Surface;
            _gradients[i] = points[i].Gradient;
        }

        _group.LossesAndGradients(_data, _batch, _components.AsSpan(0, points.Length), losses[..points.Length], _gradients);
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_surfaces, surface => surface.Dispose());

    /// <summary>One component by itself.</summary>
    private sealed class Surface(NetworkSurfaces owner, int place) : ILossSurface, IDisposable
    {
        private readonly Component _component = owner._group.Components[place];
        private AlignedBuffer<float>? _weights;
        private AlignedBuffer<float>? _gradient;

        public int Dimension => _component.Restriction.Dimension;

        public void CopyOrigin(Span<float> w) => owner._group.CopyOrigin(place, w);

        public double Gradient(int chain, long step, ReadOnlySpan<float> w, Span<float> gradient)
        {
            _weights ??= new AlignedBuffer<float>(Dimension);
            _gradient ??= new AlignedBuffer<float>(Dimension);
            w.CopyTo(_weights.Span);
            double loss = 0;
            owner.Gradients(chain, step, [new SurfacePoint(place, _weights, _gradient)], new Span<double>(ref loss));
            _gradient.Span.CopyTo(gradient);
            return loss;
        }

        public void Dispose()
        {
            _weights?.Dispose();
            _gradient?.Dispose();
        }
    }
}
