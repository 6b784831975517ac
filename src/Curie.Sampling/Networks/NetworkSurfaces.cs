using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Restricted;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Random;
using Curie.Sampling.Coupling;
using Curie.Text.Packing;

namespace Curie.Sampling.Networks;

/// <summary>
/// The losses of a transformer as functions of one component each: the mean per-token loss of a minibatch of token rows. Each chain has its
/// own
/// order of minibatches, keyed by seed and chain and the same for all components, so chains are independent, components see common random
/// numbers, and what no component of the group changes is computed once for a minibatch.
/// </summary>
public sealed class NetworkSurfaces : ICoupledSurfaceGroup, IDisposable
{
    private readonly IRestrictedGroup _group;
    private readonly TokenRows _data;
    private readonly MinibatchOrder[] _orders;
    private readonly int[] _batch;
    private readonly PointGradients _gradients;
    private readonly Surface[] _surfaces;
    private readonly ObservableSum? _observable;
    private readonly PerturbationChoice? _perturbations;

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
            .. Enumerable
                .Range(0, chains)
                .Select(chain => new MinibatchOrder(data.Count, order, PhiloxKey.Derive(seed, RandomPurpose.MinibatchOrder, chain: chain))),
        ];
        _surfaces = [.. Enumerable.Range(0, group.Components.Count).Select(place => new Surface(this, place))];
        _gradients = new PointGradients(group);
    }

    /// <summary>How much each prediction of the rows counts in the loss of a minibatch; null, the default, for all alike.</summary>
    public LossWeights? Weights { get; init; }

    /// <summary>Surfaces with an observable Σ_t weight_t·P_t, by which companions of chains are perturbed.</summary>
    /// <param name="group">The components that vary, each by itself.</param>
    /// <param name="data">The rows whose loss defines the posterior.</param>
    /// <param name="order">Shuffled or sequential minibatches.</param>
    /// <param name="batchSize">Rows per minibatch.</param>
    /// <param name="chains">The number of chains.</param>
    /// <param name="seed">The seed of the orders.</param>
    /// <param name="observable">Its terms, at least one.</param>
    public NetworkSurfaces(
        IRestrictedGroup group,
        TokenRows data,
        RowOrder order,
        int batchSize,
        int chains,
        long seed,
        IReadOnlyList<ObservableTerm> observable
    )
        : this(group, data, order, batchSize, chains, seed)
    {
        ArgumentNullException.ThrowIfNull(observable);
        _observable = new ObservableSum(group, _gradients, observable);
    }

    /// <summary>Surfaces with the observable P, by which shadows of chains are perturbed; the perturbations are chosen here.</summary>
    /// <param name="group">The components that vary, each by itself.</param>
    /// <param name="data">The rows whose loss defines the posterior.</param>
    /// <param name="order">Shuffled or sequential minibatches.</param>
    /// <param name="batchSize">Rows per minibatch.</param>
    /// <param name="options">How chains move.</param>
    /// <param name="observable">P.</param>
    /// <param name="kernels">Makes the noise at which gradients are looked at.</param>
    /// <param name="initLoss">L0, nats.</param>
    /// <param name="strength">s, where it is given and not chosen.</param>
    public NetworkSurfaces(
        IRestrictedGroup group,
        TokenRows data,
        RowOrder order,
        int batchSize,
        SamplingOptions options,
        ObservableRows observable,
        Kernels kernels,
        double initLoss,
        double? strength
    )
        : this(group, data, order, batchSize, options.Chains, options.ChainSeed, [new ObservableTerm(observable, 1)]) =>
        _perturbations = new PerturbationChoice(group, observable, options, kernels, initLoss, strength);

    /// <summary>How the shadows of each component are perturbed; empty without an observable.</summary>
    public IReadOnlyList<Perturbation> Perturbations => _perturbations?.Chosen ?? [];

    /// <inheritdoc/>
    public IReadOnlyList<ILossSurface> Surfaces => _surfaces;

    /// <inheritdoc/>
    public void Gradients(int chain, long step, ReadOnlySpan<SurfacePoint> points, Span<double> losses)
    {
        _orders[chain].Fill(step, _batch);
        _gradients.At(_data, _batch, points, losses, Weights);
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The surfaces were made without an observable.</exception>
    public void ObservableGradients(int chain, long step, ReadOnlySpan<SurfacePoint> points)
    {
        if (_observable is null)
        {
            throw new NotSupportedException("These surfaces have no observable.");
        }

        _observable.At(chain, step, points, _perturbations);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_surfaces, surface => surface.Dispose());
        _observable?.Dispose();
        _perturbations?.Dispose();
    }

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
