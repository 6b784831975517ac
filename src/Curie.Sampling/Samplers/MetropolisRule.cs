using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Random;

namespace Curie.Sampling.Samplers;

/// <summary>
/// The Metropolis-adjusted Langevin algorithm (Roberts and Tweedie 1996): a Langevin step is a proposal, made with probability min(1, r)
/// (<see cref="MalaRatio"/>), so that the law is e^{−U} itself at any step size. The box's walls are infinitely high. The gradient is
/// wanted at the proposal; the first update only measures w*, so that a chain needs one gradient an update like every other.
/// </summary>
internal sealed class MetropolisRule : UpdateRule
{
    private readonly SgldOptions _options;
    private readonly PhiloxKey _noise;
    private readonly PhiloxKey _choice;
    private readonly BlockRunner _blocks;
    private readonly AlignedBuffer<float> _proposal;
    private readonly ExactPoint _current;
    private readonly AcceptanceTally _tally;

    public MetropolisRule(ChainMemory memory)
        : base(memory)
    {
        _options = memory.Options.ToKernelOptions();
        _noise = memory.Key(RandomPurpose.LangevinNoise);
        _choice = memory.Key(RandomPurpose.MetropolisChoice);
        _blocks = new BlockRunner(memory.Machine.Pool, memory.Weights.Length);
        _proposal = new AlignedBuffer<float>(memory.Weights.Length);
        memory.Weights.Span.CopyTo(_proposal.Span);
        _current = new ExactPoint(memory);
        _tally = new AcceptanceTally(memory.Options.BurnIn);
    }

    public override AlignedBuffer<float> Point => _proposal;

    public override AcceptanceTally Acceptance => _tally;

    public override bool SurvivesInfiniteLoss => _current.IsStored;

    public override UpdateSums Apply(double loss, long step)
    {
        bool accepted = true;
        if (_current.IsStored)
        {
            double logRatio = IsInsideBox() ? _current.LogRatio(_proposal, loss) : double.NegativeInfinity;
            _tally.Add(logRatio, step);

            // A ratio that is not a number, as of an infinite loss, is no reason to move.
            accepted = Math.Log(1 - new PhiloxStream(_choice, (ulong)step).NextDouble()) < logRatio;
        }

        if (accepted)
        {
            _current.Store(_proposal, loss);
            _proposal.Span.CopyTo(Memory.Weights.Span);
        }

        _current.Weights.Span.CopyTo(_proposal.Span);
        return _blocks.Run(new Propose(this, step));
    }

    public override SamplerState Save() =>
        new(
            [_proposal.Span.ToArray(), _current.Weights.Span.ToArray(), _current.Gradient.Span.ToArray()],
            [_current.Potential, _current.IsStored ? 1 : 0, _tally.Sum, _tally.Count]
        );

    public override void Restore(SamplerState state)
    {
        Check(state, 3, 4);
        state.Vectors[0].CopyTo(_proposal.Span);
        _current.Restore(state.Vectors[1], state.Vectors[2], state.Scalars[0], state.Scalars[1] != 0);
        _tally.Restore(state.Scalars[2], state.Scalars[3]);
    }

    protected override void Dispose(bool disposing)
    {
        _proposal.Dispose();
        _current.Dispose();
        base.Dispose(disposing);
    }

    private bool IsInsideBox()
    {
        ReadOnlySpan<float> w = _proposal.Span;
        ReadOnlySpan<float> origin = Memory.Origin.Span;
        for (int i = 0; i < w.Length; i++)
        {
            if (Math.Abs((double)w[i] - origin[i]) > Memory.Options.BoxRadius)
            {
                return false;
            }
        }

        return true;
    }

    private readonly struct Propose(MetropolisRule rule, long step) : IBlockUpdate
    {
        public UpdateSums Run(long first, int length) =>
            rule.Memory.Machine.Kernels.SgldUpdate(
                rule._proposal.Slice(first, length),
                rule._current.Gradient.Slice(first, length),
                rule.Memory.Origin.Slice(first, length),
                rule._options,
                rule._noise,
                step,
                first
            );
    }
}
