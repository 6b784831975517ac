using Curie.Numerics.Memory;

namespace Curie.Sampling.Samplers;

/// <summary>
/// A place of a surface without minibatches, copied: w, ∇L and U = nβ·L + (γ/2)‖w − w*‖² + (δ/2)‖w‖². Sums run in float64, in order.
/// </summary>
internal sealed class ExactPoint(ChainMemory memory) : IDisposable
{
    private readonly AlignedBuffer<float> _weights = new(memory.Weights.Length);
    private readonly AlignedBuffer<float> _gradient = new(memory.Weights.Length);

    /// <summary>U; NaN while nothing was stored.</summary>
    public double Potential { get; private set; } = double.NaN;

    /// <summary>Whether a place was stored.</summary>
    public bool IsStored { get; private set; }

    /// <summary>w.</summary>
    public AlignedBuffer<float> Weights => _weights;

    /// <summary>∇L(w).</summary>
    public AlignedBuffer<float> Gradient => _gradient;

    /// <summary>Stores a place whose loss is <paramref name="loss"/> and whose gradient stands in the chain's memory.</summary>
    public void Store(AlignedBuffer<float> w, double loss)
    {
        Potential = PotentialAt(w.Span, loss);
        IsStored = true;
        w.Span.CopyTo(_weights.Span);
        memory.Gradient.Span.CopyTo(_gradient.Span);
    }

    /// <summary>
    /// log r of a step from here to a place whose loss is <paramref name="loss"/> and whose gradient stands in the chain's memory.
    /// </summary>
    public double LogRatio(AlignedBuffer<float> w, double loss)
    {
        SamplingOptions options = memory.Options;
        double temperature = options.NoiseLevel * options.NoiseLevel;
        ReadOnlySpan<float> before = _weights.Span;
        ReadOnlySpan<float> after = w.Span;
        ReadOnlySpan<float> slopeBefore = _gradient.Span;
        ReadOnlySpan<float> slopeAfter = memory.Gradient.Span;
        ReadOnlySpan<float> origin = memory.Origin.Span;
        double work = 0;
        double squareBefore = 0;
        double squareAfter = 0;
        for (int i = 0; i < before.Length; i++)
        {
            double from = Force(options, before[i], slopeBefore[i], origin[i]);
            double to = Force(options, after[i], slopeAfter[i], origin[i]);
            work += ((double)after[i] - before[i]) * (from + to);
            squareBefore += from * from;
            squareAfter += to * to;
        }

        return MalaRatio.Log(Potential, PotentialAt(after, loss), work, squareBefore, squareAfter, options.StepSize) / temperature;
    }

    /// <summary>Continues from a saved place.</summary>
    public void Restore(float[] weights, float[] gradient, double potential, bool stored)
    {
        weights.CopyTo(_weights.Span);
        gradient.CopyTo(_gradient.Span);
        Potential = potential;
        IsStored = stored;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _gradient.Dispose();
    }

    private static double Force(SamplingOptions options, double w, double gradient, double origin) =>
        (options.NBeta * gradient) + (options.Localization * (w - origin)) + (options.WeightDecay * w);

    private double PotentialAt(ReadOnlySpan<float> w, double loss)
    {
        SamplingOptions options = memory.Options;
        ReadOnlySpan<float> origin = memory.Origin.Span;
        double sum = 0;
        for (int i = 0; i < w.Length; i++)
        {
            double offset = (double)w[i] - origin[i];
            sum += (options.Localization * offset * offset) + (options.WeightDecay * w[i] * w[i]);
        }

        return (options.NBeta * loss) + (sum / 2);
    }
}
