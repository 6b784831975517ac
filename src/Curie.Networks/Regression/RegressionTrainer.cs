using Curie.Networks.Passes;
using Curie.Networks.Training;
using Curie.Numerics;
using Curie.Numerics.Kernels;
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
    private readonly AdamUpdates _updates;
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
        _updates = new AdamUpdates(state, evaluator.Machine);
        _batch = new RegressionBatch(model.Task, options.BatchSize);
        _key = RegressionSequences.Training(options.Seed);
        _schedule = new OneCycleSchedule(options.LearningRate, options.Steps);
    }

    /// <summary>The current weights, for evaluation between steps.</summary>
    public TransformerWeights Weights => _updates.Weights;

    /// <summary>Makes one update.</summary>
    /// <returns>The minibatch loss before the update, mean squared error.</returns>
    /// <exception cref="DivergenceException">The loss is not finite; the state is as before the step.</exception>
    public double Step()
    {
        int step = _state.Step;
        _generator.Fill(_batch, _key, step, RegressionScale.Training, _evaluator.Machine.Pool);
        double loss = _evaluator.LossAndGradient(Weights, _batch, _updates.Plan, _updates.Gradient);
        if (!double.IsFinite(loss))
        {
            throw new DivergenceException($"training: the loss is {loss} at step {step}; lower learning_rate and start over.");
        }

        double rate = _schedule.RateAt(step);
        _updates.Apply(new AdamWOptions(rate, _options.Beta1, _options.Beta2, _options.Epsilon, WeightDecay: 0));
        return loss;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _updates.Dispose();
        _batch.Dispose();
    }
}
