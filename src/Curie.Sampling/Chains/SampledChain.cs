using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Coupling;
using Curie.Sampling.Samplers;

namespace Curie.Sampling.Chains;

/// <summary>
/// One chain of the sampler that its settings name, starting at w*. Its random numbers are keyed by (seed, component, chain) and counted
/// by the update.
/// </summary>
public sealed class SampledChain : IDisposable
{
    private readonly AlignedBuffer<float> _w;
    private readonly AlignedBuffer<float> _origin;
    private readonly AlignedBuffer<float> _gradient;
    private readonly UpdateRule _rule;
    private readonly CompanionChain?[] _companions;
    private readonly long _burnIn;
    private UpdateSums _sums;
    private long _updates;

    /// <summary>A chain at w* that goes alone.</summary>
    /// <param name="origin">w*, shared by all chains and not written to.</param>
    /// <param name="gradient">Where the update finds ∇L_m(w); chains that take turns may share it.</param>
    /// <param name="usesMinibatches">Whether losses and gradients are those of minibatches.</param>
    /// <param name="options">The sampler's settings.</param>
    /// <param name="component">The component's name, part of the noise key.</param>
    /// <param name="chain">The chain, from 0.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    public SampledChain(
        AlignedBuffer<float> origin,
        AlignedBuffer<float> gradient,
        bool usesMinibatches,
        SamplingOptions options,
        string component,
        int chain,
        Machine machine
    )
        : this(origin, gradient, usesMinibatches, options, component, chain, [], [], machine) { }

    /// <summary>A chain at w*.</summary>
    /// <param name="origin">w*, shared by all chains and not written to.</param>
    /// <param name="gradient">Where the update finds ∇L_m(w); chains that take turns may share it.</param>
    /// <param name="usesMinibatches">Whether losses and gradients are those of minibatches.</param>
    /// <param name="options">The sampler's settings.</param>
    /// <param name="component">The component's name, part of the noise key.</param>
    /// <param name="chain">The chain, from 0.</param>
    /// <param name="companions">What may go beside it.</param>
    /// <param name="gradients">Where each of these finds its gradients.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    internal SampledChain(
        AlignedBuffer<float> origin,
        AlignedBuffer<float> gradient,
        bool usesMinibatches,
        SamplingOptions options,
        string component,
        int chain,
        IReadOnlyList<Companion> companions,
        IReadOnlyList<CompanionGradients> gradients,
        Machine machine
    )
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(options);
        _origin = origin;
        _gradient = gradient;
        _burnIn = options.BurnIn;
        Chain = chain;
        _w = new AlignedBuffer<float>(origin.Length);
        origin.Span.CopyTo(_w.Span);
        _rule = options.Sampler.CreateRule(
            new ChainMemory
            {
                Weights = _w,
                Origin = origin,
                Gradient = gradient,
                UsesMinibatches = usesMinibatches,
                Options = options,
                Component = component,
                Chain = chain,
                Machine = machine,
            }
        );
        _companions =
        [
            .. companions.Select(
                (companion, place) => companion.Follows(chain) ? new CompanionChain(companion, origin, options, gradients[place]) : null
            ),
        ];
    }

    /// <summary>The chain, from 0.</summary>
    public int Chain { get; }

    /// <summary>The updates made.</summary>
    public long Step { get; private set; }

    /// <summary>w, the restricted weights.</summary>
    public ReadOnlySpan<float> Weights => _w.Span;

    /// <summary>
    /// The mean over the chain's steps after burn-in of min(1, r), the probability with which a Metropolis test would make them
    /// (<see cref="MalaRatio"/>); null before the first, and for samplers and settings that have none: a thermostat, no noise, a box.
    /// </summary>
    public double? Acceptance => _rule.Acceptance?.Rate;

    /// <summary>Where the next gradient is wanted: w, but for a sampler that proposes; and where it goes.</summary>
    /// <param name="surface">The place of the chain's surface in its group.</param>
    public SurfacePoint Point(int surface) => new(surface, _rule.Point, _gradient);

    /// <summary>Whether an infinite loss at <see cref="Point"/> does not end the chain.</summary>
    internal bool SurvivesInfiniteLoss => _rule.SurvivesInfiniteLoss;

    /// <summary>The weights of a companion.</summary>
    /// <param name="place">Its place among the component's companions.</param>
    /// <exception cref="InvalidOperationException">The chain does not have it.</exception>
    public ReadOnlySpan<float> Companion(int place) =>
        (_companions[place] ?? throw new InvalidOperationException("The chain does not have this companion.")).Weights.Span;

    /// <summary>Writes where gradients of the loss are wanted: at <see cref="Point"/> and at the companions that feel it.</summary>
    /// <returns>Their number.</returns>
    internal int LossPoints(int surface, Span<SurfacePoint> points)
    {
        int count = 0;
        points[count++] = Point(surface);
        foreach (CompanionChain? companion in _companions)
        {
            if (companion is not null && companion.NeedsLoss(Step))
            {
                points[count++] = companion.LossPoint(surface);
            }
        }

        return count;
    }

    /// <summary>Writes where gradients of the observable are wanted.</summary>
    /// <returns>Their number.</returns>
    internal int ObservablePoints(int surface, Span<SurfacePoint> points)
    {
        int count = 0;
        foreach (CompanionChain? companion in _companions)
        {
            if (companion is not null && companion.NeedsObservable(Step))
            {
                points[count++] = companion.ObservablePoint(surface);
            }
        }

        return count;
    }

    /// <summary>Makes one update of the chain and its companions with the gradients at their points.</summary>
    /// <param name="loss">The minibatch's loss at <see cref="Point"/>.</param>
    public void Update(double loss)
    {
        UpdateSums sums = _rule.Apply(loss, Step);
        foreach (CompanionChain? companion in _companions)
        {
            companion?.Update(_rule, Step);
        }

        if (Step >= _burnIn)
        {
            _sums += sums;
            _updates++;
        }

        Step++;
    }

    /// <summary>
    /// The means of ∇L_m(w)·(w − w*) and of ‖w − w*‖² over the updates after burn-in since they were last taken; NaN if there were none.
    /// </summary>
    internal (double Pull, double SquaredDistance) TakeMeans()
    {
        (double, double) means = (_sums.Pull / _updates, _sums.Offset / _updates);
        _sums = default;
        _updates = 0;
        return means;
    }

    /// <summary>‖w − w*‖, summed in float64.</summary>
    public double Distance()
    {
        ReadOnlySpan<float> w = _w.Span;
        ReadOnlySpan<float> origin = _origin.Span;
        double sum = 0;
        for (int i = 0; i < w.Length; i++)
        {
            double difference = (double)w[i] - origin[i];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }

    /// <summary>‖w' − w‖/‖w − w*‖ of the first companion; NaN if there is none.</summary>
    internal double CompanionDistance()
    {
        if (_companions.Length == 0 || _companions[0] is not { } companion)
        {
            return double.NaN;
        }

        ReadOnlySpan<float> w = _w.Span;
        ReadOnlySpan<float> other = companion.Weights.Span;
        double sum = 0;
        for (int i = 0; i < w.Length; i++)
        {
            double difference = (double)other[i] - w[i];
            sum += difference * difference;
        }

        return Math.Sqrt(sum) / Distance();
    }

    /// <summary>Where the chain stands at a draw, copied.</summary>
    public ChainState Save() =>
        new(
            Chain,
            Step,
            _w.Span.ToArray(),
            _rule.Save(),
            [.. _companions.OfType<CompanionChain>().Select(companion => companion.Weights.Span.ToArray())]
        );

    /// <summary>Continues from <paramref name="state"/>: every later bit is what it would have been without the break.</summary>
    /// <exception cref="ArgumentException">The state is another chain's or has another dimension or sampler.</exception>
    public void Restore(ChainState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        CompanionChain[] companions = [.. _companions.OfType<CompanionChain>()];
        if (state.Chain != Chain || state.W.Length != _w.Length || state.Companions.Count != companions.Length)
        {
            throw new ArgumentException("The state belongs to another chain or another component.", nameof(state));
        }

        state.W.CopyTo(_w.Span);
        _rule.Restore(state.Sampler);
        for (int i = 0; i < companions.Length; i++)
        {
            state.Companions[i].CopyTo(companions[i].Weights.Span);
        }

        Step = state.Step;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_companions, companion => companion?.Dispose());
        _rule.Dispose();
        _w.Dispose();
    }
}
