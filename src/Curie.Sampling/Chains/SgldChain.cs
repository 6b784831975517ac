using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Random;

namespace Curie.Sampling.Chains;

/// <summary>
/// One chain of stochastic gradient Langevin dynamics (Welling and Teh 2011), localised at w*:
/// w ← w − (ε/2)·[nβ∇L_m(w) + γ(w − w*)] + √ε·σ·η, then reflected
/// into the box around w* where there is one. The noise stream is keyed by (seed, component, chain) and counted by the update.
/// </summary>
public sealed class SgldChain : IDisposable
{
    /// <summary>
    /// The weights one worker updates at a time: 64 KiB of each of three vectors, so that a block stays in a core's cache between the
    /// noise and the update. Part of the arithmetic's fixed split; a multiple of 4, as the random numbers need.
    /// </summary>
    internal const int BlockLength = 1 << 14;

    private readonly AlignedBuffer<float> _w;
    private readonly AlignedBuffer<float> _gradient;
    private readonly AlignedBuffer<float> _origin;
    private readonly SgldOptions _options;
    private readonly double _boxRadius;
    private readonly PhiloxKey _noise;
    private readonly Kernels _kernels;
    private readonly WorkerPool _pool;

    /// <summary>A chain at w*.</summary>
    /// <param name="origin">w*, shared by all chains and not written to.</param>
    /// <param name="gradient">Where the update finds ∇L_m(w); chains that take turns may share it.</param>
    /// <param name="options">The sampler's settings.</param>
    /// <param name="component">The component's name, part of the noise key.</param>
    /// <param name="chain">The chain, from 0.</param>
    /// <param name="kernels">Does the update.</param>
    /// <param name="pool">Runs the update's blocks.</param>
    public SgldChain(
        AlignedBuffer<float> origin,
        AlignedBuffer<float> gradient,
        SamplingOptions options,
        string component,
        int chain,
        Kernels kernels,
        WorkerPool pool)
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(options);
        _origin = origin;
        _gradient = gradient;
        _options = options.ToKernelOptions();
        _boxRadius = options.BoxRadius;
        _noise = PhiloxKey.Derive(options.Seed, RandomPurpose.LangevinNoise, component, chain);
        _kernels = kernels;
        _pool = pool;
        Chain = chain;
        _w = new AlignedBuffer<float>(origin.Length);
        origin.Span.CopyTo(_w.Span);
    }

    /// <summary>The chain, from 0.</summary>
    public int Chain { get; }

    /// <summary>The updates made.</summary>
    public long Step { get; private set; }

    /// <summary>w, the restricted weights.</summary>
    public ReadOnlySpan<float> Weights => _w.Span;

    /// <summary>Where the chain's next gradient is wanted.</summary>
    /// <param name="surface">The place of its surface in its group.</param>
    public SurfacePoint Point(int surface) => new(surface, _w, _gradient);

    /// <summary>Makes one update with the gradient at the present weights.</summary>
    public void Update()
    {
        UpdateBody body = new(this);
        _pool.Run((int)((_w.Length + BlockLength - 1) / BlockLength), ref body);
        Step++;
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

    /// <summary>Where the chain stands, copied.</summary>
    public ChainState Save() => new(Chain, Step, _w.Span.ToArray());

    /// <summary>Continues from <paramref name="state"/>: every later bit is what it would have been without the break.</summary>
    /// <exception cref="ArgumentException">The state is another chain's or has another dimension.</exception>
    public void Restore(ChainState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Chain != Chain || state.W.Length != _w.Length)
        {
            throw new ArgumentException("The state belongs to another chain or another component.", nameof(state));
        }

        state.W.CopyTo(_w.Span);
        Step = state.Step;
    }

    /// <inheritdoc/>
    public void Dispose() => _w.Dispose();

    private readonly struct UpdateBody(SgldChain chain) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            long first = (long)item * BlockLength;
            int length = (int)Math.Min(BlockLength, chain._w.Length - first);
            chain._kernels.SgldUpdate(
                chain._w.Slice(first, length),
                chain._gradient.Slice(first, length),
                chain._origin.Slice(first, length),
                chain._options,
                chain._noise,
                chain.Step,
                first);
            if (double.IsFinite(chain._boxRadius))
            {
                Box.Reflect(chain._w.Slice(first, length), chain._origin.Slice(first, length), chain._boxRadius);
            }
        }
    }
}
