using Curie.Networks.Components;
using Curie.Networks.Passes;
using Curie.Networks.Training;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Random;

namespace Curie.Networks.Regression;

/// <summary>
/// Makes training steps: a minibatch of fresh sequences, its gradient, one Adam update. A step depends on the state, the options and the
/// task alone, so
/// a run continued from a saved state gives the same bits as one that was never interrupted.
/// </summary>
public sealed class RegressionTrainer : IDisposable
{
    private readonly TrainingState _state;
    private readonly RegressionTrainingOptions _options;
    private readonly RegressionEvaluator _evaluator;
    private readonly RegressionGenerator _generator;
    private readonly GradientPlan _plan;
    private readonly AlignedBuffer<float> _gradient;
    private readonly RegressionBatch _batch;
    private readonly PhiloxKey _key;
    private readonly OneCycleSchedule _schedule;

    /// <summary>Prepares to train a model.</summary>
    /// <param name="model">The model, whose weights are those of <paramref name="state"/>; it stays the caller's.</param>
    /// <param name="state">The state, which stays the caller's.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="evaluator">Computes losses and gradients.</param>
    /// <param name="generator">Makes the sequences.</param>
    public RegressionTrainer(
        RegressionModel model,
        TrainingState state,
        RegressionTrainingOptions options,
        RegressionEvaluator evaluator,
        RegressionGenerator generator
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(evaluator);
        if (!ReferenceEquals(model.Parameters, state.Parameters))
        {
            throw new ArgumentException("The state is of other parameters than the model's.", nameof(state));
        }

        options.Validate();
        _state = state;
        _options = options;
        _evaluator = evaluator;
        _generator = generator;
        Weights = new TransformerWeights(model.Parameters, evaluator.Machine);
        _plan = new GradientPlan(model.Parameters.Layout, new Restriction([new ParameterSegment(0, model.Parameters.Layout.Length)]));
        _gradient = new AlignedBuffer<float>(model.Parameters.Layout.Length);
        _batch = new RegressionBatch(model.Task, options.BatchSize);
        _key = RegressionSequences.Training(options.Seed);
        _schedule = new OneCycleSchedule(options.LearningRate, options.Steps);
    }

    /// <summary>The current weights, for evaluation between steps.</summary>
    public TransformerWeights Weights { get; }

    /// <summary>Makes one update.</summary>
    /// <returns>The minibatch loss before the update, mean squared error.</returns>
    /// <exception cref="DivergenceException">The loss is not finite; the state is as before the step.</exception>
    public double Step()
    {
        int step = _state.Step;
        WorkerPool pool = _evaluator.Machine.Pool;
        _generator.Fill(_batch, _key, step, RegressionScale.Training, pool);
        double loss = _evaluator.LossAndGradient(Weights, _batch, _plan, _gradient.Span);
        if (!double.IsFinite(loss))
        {
            throw new DivergenceException($"training: the loss is {loss} at step {step}; lower learning_rate and start over.");
        }

        AdamWOptions adam = new(_schedule.RateAt(step), _options.Beta1, _options.Beta2, _options.Epsilon, WeightDecay: 0);
        UpdateBody body = new(this, adam, step + 1);
        pool.Run(_plan.Blocks.Length, ref body);
        _state.Step = step + 1;
        Weights.Refresh(pool, _plan.Restriction);
        return loss;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Weights.Dispose();
        _gradient.Dispose();
        _batch.Dispose();
    }

    private readonly struct UpdateBody(RegressionTrainer owner, AdamWOptions options, long step) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            ReductionBlock block = owner._plan.Blocks[item];
            owner._evaluator.Machine.Kernels.AdamWUpdate(
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
