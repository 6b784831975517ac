using Curie.Networks.Components;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;

namespace Curie.Networks.Training;

/// <summary>
/// The updates of a training run, whatever the model: AdamW moves every parameter by its gradient, and the weights follow.
/// </summary>
internal sealed class AdamUpdates : IDisposable
{
    private readonly TrainingState _state;
    private readonly Machine _machine;
    private readonly AlignedBuffer<float> _gradient;

    /// <summary>Updates of a state, which stays the caller's.</summary>
    public AdamUpdates(TrainingState state, Machine machine)
    {
        _state = state;
        _machine = machine;
        Weights = new TransformerWeights(state.Parameters, machine);
        Restriction everything = new([new ParameterSegment(0, state.Parameters.Layout.Length)]);
        Plan = new GradientPlan(state.Parameters.Layout, everything);
        _gradient = new AlignedBuffer<float>(everything.Dimension);
    }

    /// <summary>The current weights.</summary>
    public TransformerWeights Weights { get; }

    /// <summary>The gradient of everything.</summary>
    public GradientPlan Plan { get; }

    /// <summary>Room for the gradient at the current weights.</summary>
    public Span<float> Gradient => _gradient.Span;

    /// <summary>Makes the state's next update.</summary>
    public void Apply(AdamWOptions options)
    {
        UpdateBody body = new(this, options, _state.Step + 1);
        _machine.Pool.Run(Plan.Blocks.Length, ref body);
        _state.Step++;
        Weights.Refresh(_machine.Pool, Plan.Restriction);
    }

    public void Dispose()
    {
        Weights.Dispose();
        _gradient.Dispose();
    }

    private readonly struct UpdateBody(AdamUpdates owner, AdamWOptions options, long step) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            ReductionBlock block = owner.Plan.Blocks[item];
            owner._machine.Kernels.AdamWUpdate(
                owner._state.Parameters.Values.Slice(block.Start, block.Length),
                owner._gradient.Slice(block.Position, block.Length),
                owner._state.FirstMoment.Values.Slice(block.Start, block.Length),
                owner._state.SecondMoment.Values.Slice(block.Start, block.Length),
                options,
                step
            );
        }
    }
}
