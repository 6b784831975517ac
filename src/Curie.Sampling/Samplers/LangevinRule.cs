using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Random;
using Curie.Sampling.Chains;

namespace Curie.Sampling.Samplers;

/// <summary>
/// Stochastic gradient Langevin dynamics (Welling and Teh 2011): w ← w − (ε/2)F + √ε·σ·η, F = nβ∇L_m + γ(w − w*) + δw, then reflected into
/// the box around w* where there is one. Every step is accepted; what a Metropolis test would have said is kept as a diagnostic, exact
/// where losses are, otherwise from the gradients alone.
/// </summary>
internal sealed class LangevinRule : UpdateRule
{
    private readonly SgldOptions _options;
    private readonly PhiloxKey _noise;
    private readonly BlockRunner _blocks;
    private readonly QuadraticAcceptance? _quadratic;
    private readonly AcceptanceTally? _exact;
    private readonly ExactPoint? _before;

    public LangevinRule(ChainMemory memory)
        : base(memory)
    {
        SamplingOptions options = memory.Options;
        _options = memory.KernelOptions;
        _noise = memory.Key(RandomPurpose.LangevinNoise);
        _blocks = new BlockRunner(memory.Machine.Pool, memory.Weights.Length);

        // A reflected step is no Langevin step, and a step without noise has no density.
        bool judged = options.NoiseLevel > 0 && double.IsPositiveInfinity(options.BoxRadius);
        _quadratic = judged && memory.UsesMinibatches ? new QuadraticAcceptance(options) : null;
        _exact = judged && !memory.UsesMinibatches ? new AcceptanceTally(options.BurnIn) : null;
        _before = _exact is null ? null : new ExactPoint(memory);
    }

    public override AcceptanceTally? Acceptance => _quadratic?.Tally ?? _exact;

    public override UpdateSums Apply(double loss, long step)
    {
        if (_before is not null)
        {
            if (_before.IsStored)
            {
                _exact!.Add(_before.LogRatio(Memory.Weights, loss), step - 1);
            }

            _before.Store(Memory.Weights, loss);
        }

        UpdateSums sums = _blocks.Run(new Step(this, step));
        _quadratic?.Add(sums.Square, step);
        return sums;
    }

    public override void Follow(AlignedBuffer<float> weights, AlignedBuffer<float> force, long step) =>
        _blocks.Run(new CompanionStep(this, weights, force, step));

    public override SamplerState Save() =>
        _before is null
            ? new SamplerState([], _quadratic?.Save() ?? [])
            : new SamplerState(
                [_before.Weights.Span.ToArray(), _before.Gradient.Span.ToArray()],
                [_exact!.Sum, _exact.Count, _before.Potential, _before.IsStored ? 1 : 0]
            );

    public override void Restore(SamplerState state)
    {
        Check(
            state,
            _before is null ? 0 : 2,
            _before is not null ? 4
                : _quadratic is null ? 0
                : QuadraticAcceptance.Scalars
        );
        _quadratic?.Restore(state.Scalars);
        if (_before is not null)
        {
            _exact!.Restore(state.Scalars[0], state.Scalars[1]);
            _before.Restore(state.Vectors[0], state.Vectors[1], state.Scalars[2], state.Scalars[3] != 0);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _before?.Dispose();
        base.Dispose(disposing);
    }

    private readonly struct CompanionStep(LangevinRule rule, AlignedBuffer<float> weights, AlignedBuffer<float> force, long step)
        : IBlockUpdate
    {
        public UpdateSums Run(long first, int length)
        {
            ChainMemory memory = rule.Memory;
            return memory.Machine.Kernels.SgldUpdate(
                weights.Slice(first, length),
                force.Slice(first, length),
                memory.Origin.Slice(first, length),
                rule._options with
                {
                    NBeta = 1,
                },
                rule._noise,
                step,
                first
            );
        }
    }

    private readonly struct Step(LangevinRule rule, long step) : IBlockUpdate
    {
        public UpdateSums Run(long first, int length)
        {
            ChainMemory memory = rule.Memory;
            Span<float> w = memory.Weights.Slice(first, length);
            Span<float> origin = memory.Origin.Slice(first, length);
            UpdateSums sums = memory.Machine.Kernels.SgldUpdate(
                w,
                memory.Gradient.Slice(first, length),
                origin,
                rule._options,
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
