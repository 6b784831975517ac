using System.Numerics;
using Curie.Numerics.Memory;
using Curie.Sampling.Samplers;

namespace Curie.Sampling.Coupling;

/// <summary>The weights of one companion of a chain, and how they move: by the chain's own rule, with another gradient.</summary>
internal sealed class CompanionChain : IDisposable
{
    private readonly Companion _companion;
    private readonly float _lossFactor;
    private readonly long _updates;
    private readonly CompanionGradients _gradients;
    private readonly AlignedBuffer<float> _weights;

    /// <summary>A companion at the chain's start.</summary>
    /// <param name="companion">Its potential.</param>
    /// <param name="start">Where the chain starts.</param>
    /// <param name="options">How the chain moves.</param>
    /// <param name="gradients">Where its gradients are put; companions that take turns may share them.</param>
    public CompanionChain(Companion companion, AlignedBuffer<float> start, SamplingOptions options, CompanionGradients gradients)
    {
        _companion = companion;
        _gradients = gradients;
        _lossFactor = (float)(companion.LossScale * options.NBeta);
        _updates = companion.FirstDraws is { } draws ? options.UpdatesAtDraw(Math.Min(draws, options.Draws) - 1) : long.MaxValue;
        _weights = new AlignedBuffer<float>(start.Length);
        start.Span.CopyTo(_weights.Span);
    }

    /// <summary>w'.</summary>
    public AlignedBuffer<float> Weights => _weights;

    /// <summary>Whether the update after so many needs ∇L_m(w').</summary>
    public bool NeedsLoss(long step) => _companion.LossScale != 0 && step < _updates;

    /// <summary>Whether the update after so many needs ∇P(w').</summary>
    public bool NeedsObservable(long step) => _companion.Strength != 0 && step < _updates;

    /// <summary>Where ∇L_m(w') is wanted.</summary>
    public SurfacePoint LossPoint(int surface) => new(surface, _weights, _gradients.Loss);

    /// <summary>Where ∇P(w') is wanted.</summary>
    public SurfacePoint ObservablePoint(int surface) => new(surface, _weights, _gradients.Observable);

    /// <summary>Makes the update that the chain itself has just made. Nothing is allocated.</summary>
    /// <param name="rule">The chain's rule, after its own update.</param>
    /// <param name="step">The updates made before this one.</param>
    public void Update(UpdateRule rule, long step)
    {
        if (step >= _updates)
        {
            return;
        }

        Span<float> force = _gradients.Loss.Span;
        if (!NeedsLoss(step))
        {
            force.Clear();
        }

        float strength = NeedsObservable(step) ? (float)_companion.Strength : 0;
        Combine(force, _lossFactor, _gradients.Observable.Span, strength);
        rule.Follow(_weights, _gradients.Loss, step);
    }

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();

    /// <summary>x ← a·x + b·y, without fused multiply-adds.</summary>
    private static void Combine(Span<float> x, float a, ReadOnlySpan<float> y, float b)
    {
        int i = 0;
        if (b == 0)
        {
            for (; i < x.Length; i++)
            {
                x[i] *= a;
            }

            return;
        }

        Vector<float> first = new(a);
        Vector<float> second = new(b);
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            ((first * new Vector<float>(x[i..])) + (second * new Vector<float>(y[i..]))).CopyTo(x[i..]);
        }

        for (; i < x.Length; i++)
        {
            x[i] = (a * x[i]) + (b * y[i]);
        }
    }
}
