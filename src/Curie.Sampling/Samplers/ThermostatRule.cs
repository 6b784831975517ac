using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Random;

namespace Curie.Sampling.Samplers;

/// <summary>
/// The stochastic gradient Nosé–Hoover thermostat (Ding et al. 2014): dw = p dt, dp = −F dt − ξp dt + √(2A)·dB, dξ ∝ (‖p‖²/d − 1)dt.
/// Gradient
/// noise heats p; ξ then rises above A until the temperature ‖p‖²/d is 1 again, whatever the (isotropic) noise. Steps of length
/// h = √ε by the symmetric splitting of Leimkuhler and Shang (2016), whose places do not depend on where in it the gradient's two half
/// kicks are joined:
/// p ← p − hF; w ← w + (h/2)p; ζ ← ζ + (κ/2)(T − 1); p ← e^{−ζ}p + √(α(1 − e^{−2ζ})/ζ)·η; ζ ← ζ + (κ/2)(T − 1); w ← w + (h/2)p,
/// with ζ = hξ, α = hA and T = ‖p‖²/d. At noise level σ the temperature held is σ².
/// </summary>
/// <remarks>
/// On a quadratic with exact gradients the variance of w is 1/a at any stable step, εa &lt; 4. The momentum that is thrown away at every
/// update (ζ → ∞) would give back a first-order Langevin chain of the same ε.
/// </remarks>
internal sealed class ThermostatRule : UpdateRule
{
    private readonly SgldOptions _options;
    private readonly ThermostatOptions _thermostat;
    private readonly AlignedBuffer<float> _momentum;
    private readonly PhiloxKey _noise;
    private readonly BlockRunner _blocks;
    private double _friction;

    public ThermostatRule(ChainMemory memory)
        : base(memory)
    {
        _options = memory.Options.ToKernelOptions();
        _thermostat = memory.Options.Thermostat;
        _noise = memory.Key(RandomPurpose.LangevinNoise);
        _blocks = new BlockRunner(memory.Machine.Pool, memory.Weights.Length);
        _friction = _thermostat.Friction;
        _momentum = new AlignedBuffer<float>(memory.Weights.Length);
        memory.Machine.Kernels.FillGaussian(memory.Key(RandomPurpose.InitialMomentum), 0, 0, _momentum.Span);
        foreach (ref float p in _momentum.Span)
        {
            p *= (float)_options.NoiseLevel;
        }
    }

    public override UpdateSums Apply(double loss, long step)
    {
        UpdateSums kicked = _blocks.Run(new Kick(this));
        Adapt(kicked.Square);
        double fresh = _options.NoiseLevel * Math.Sqrt(_thermostat.Friction * FreshShare(_friction));
        MomentumRefreshOptions refresh = new(Math.Exp(-_friction), fresh, Math.Sqrt(_options.StepSize) / 2);
        Adapt(_blocks.Run(new Refresh(this, refresh, step)).Square);
        return kicked;
    }

    public override SamplerState Save() => new([_momentum.Span.ToArray()], [_friction]);

    public override void Restore(SamplerState state)
    {
        Check(state, 1, 1);
        state.Vectors[0].CopyTo(_momentum.Span);
        _friction = state.Scalars[0];
    }

    protected override void Dispose(bool disposing)
    {
        _momentum.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>(1 − e^{−2ζ})/ζ, 2 at ζ = 0; friction may be negative for a while.</summary>
    internal static double FreshShare(double friction) =>
        Math.Abs(friction) < 1e-4 ? 2 - (2 * friction) + (4 * friction * friction / 3) : (1 - Math.Exp(-2 * friction)) / friction;

    private void Adapt(double square) =>
        _friction += _thermostat.Rate / 2 * ((square / (_momentum.Length * _options.NoiseLevel * _options.NoiseLevel)) - 1);

    private readonly struct Kick(ThermostatRule rule) : IBlockUpdate
    {
        public UpdateSums Run(long first, int length)
        {
            ChainMemory memory = rule.Memory;
            return memory.Machine.Kernels.MomentumKick(
                memory.Weights.Slice(first, length),
                rule._momentum.Slice(first, length),
                memory.Gradient.Slice(first, length),
                memory.Origin.Slice(first, length),
                rule._options
            );
        }
    }

    private readonly struct Refresh(ThermostatRule rule, MomentumRefreshOptions options, long step) : IBlockUpdate
    {
        public UpdateSums Run(long first, int length) =>
            new(
                rule.Memory.Machine.Kernels.MomentumRefresh(
                    rule.Memory.Weights.Slice(first, length),
                    rule._momentum.Slice(first, length),
                    options,
                    rule._noise,
                    step,
                    first
                ),
                0,
                0
            );
    }
}
