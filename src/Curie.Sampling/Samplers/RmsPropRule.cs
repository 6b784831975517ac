using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Random;
using Curie.Sampling.Chains;

namespace Curie.Sampling.Samplers;

/// <summary>
/// SGLD preconditioned by RMSProp (Li, Chen, Carlson and Carin 2016), in the two forms of <see cref="PreconditionerOptions"/>. As in the
/// published
/// ones the term Γ = ½∇·G that a preconditioner that depends on w calls for is left out, so the law is that of the posterior only as far as
/// G
/// does not follow w: for a near 1 and small gradients beside b.
/// </summary>
internal sealed class RmsPropRule : UpdateRule
{
    private readonly SgldOptions _options;
    private readonly PreconditionerOptions _preconditioner;
    private readonly AlignedBuffer<float> _secondMoment;
    private readonly PhiloxKey _noise;
    private readonly BlockRunner _blocks;
    private readonly QuadraticAcceptance? _acceptance;

    public RmsPropRule(ChainMemory memory)
        : base(memory)
    {
        SamplingOptions options = memory.Options;
        _options = memory.KernelOptions;
        _preconditioner = options.Preconditioner;
        _noise = memory.Key(RandomPurpose.LangevinNoise);
        _blocks = new BlockRunner(memory.Machine.Pool, memory.Weights.Length);
        _secondMoment = new AlignedBuffer<float>(memory.Weights.Length);
        _secondMoment.Span.Fill(_preconditioner.BiasCorrection ? 1 : 0);
        _acceptance = options.NoiseLevel > 0 && double.IsPositiveInfinity(options.BoxRadius) ? new QuadraticAcceptance(options) : null;
    }

    public override AcceptanceTally? Acceptance => _acceptance?.Tally;

    public override UpdateSums Apply(double loss, long step)
    {
        UpdateSums sums = _blocks.Run(
            new Step(this, new RmsPropOptions(_preconditioner.Decay, _preconditioner.Offset, Correction(step)), step)
        );
        _acceptance?.Add(sums.Square, step);
        return sums;
    }

    /// <summary>A decay of 1 leaves the second moment, which is the chain's own after its update, as it is.</summary>
    public override void Follow(AlignedBuffer<float> weights, AlignedBuffer<float> force, long step) =>
        _blocks.Run(new CompanionStep(this, weights, force, new RmsPropOptions(1, _preconditioner.Offset, Correction(step)), step));

    public override SamplerState Save() => new([_secondMoment.Span.ToArray()], _acceptance?.Save() ?? []);

    public override void Restore(SamplerState state)
    {
        Check(state, 1, _acceptance is null ? 0 : QuadraticAcceptance.Scalars);
        state.Vectors[0].CopyTo(_secondMoment.Span);
        _acceptance?.Restore(state.Scalars);
    }

    protected override void Dispose(bool disposing)
    {
        _secondMoment.Dispose();
        base.Dispose(disposing);
    }

    private double Correction(long step) => _preconditioner.BiasCorrection ? 1 / (1 - Math.Pow(_preconditioner.Decay, step + 1)) : 1;

    private readonly struct CompanionStep(
        RmsPropRule rule,
        AlignedBuffer<float> weights,
        AlignedBuffer<float> force,
        RmsPropOptions rmsProp,
        long step
    ) : IBlockUpdate
    {
        public UpdateSums Run(long first, int length)
        {
            ChainMemory memory = rule.Memory;
            return memory.Machine.Kernels.RmsPropSgldUpdate(
                weights.Slice(first, length),
                force.Slice(first, length),
                memory.Origin.Slice(first, length),
                rule._secondMoment.Slice(first, length),
                rule._options with
                {
                    NBeta = 1,
                },
                rmsProp,
                rule._noise,
                step,
                first
            );
        }
    }

    private readonly struct Step(RmsPropRule rule, RmsPropOptions rmsProp, long step) : IBlockUpdate
    {
        public UpdateSums Run(long first, int length)
        {
            ChainMemory memory = rule.Memory;
            Span<float> w = memory.Weights.Slice(first, length);
            Span<float> origin = memory.Origin.Slice(first, length);
            UpdateSums sums = memory.Machine.Kernels.RmsPropSgldUpdate(
                w,
                memory.Gradient.Slice(first, length),
                origin,
                rule._secondMoment.Slice(first, length),
                rule._options,
                rmsProp,
                rule._noise,
                step,
                first
            );
            if (double.IsFinite(memory.Options.BoxRadius))
            {
                Box.Reflect(w, origin, memory.Options.BoxRadius);
            }

            return sums;
        }
    }
}
