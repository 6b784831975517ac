using Curie.Networks.Data;
using Curie.Networks.Passes;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Text.Packing;

namespace Curie.Networks.Training;

/// <summary>
/// Makes training steps: one minibatch, its gradient, one AdamW update. The step depends on the state, the options and the minibatches
/// alone, so a run continued from a saved state gives the same bits as one that was never interrupted.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly TrainingState _state;
    private readonly IMinibatches _minibatches;
    private readonly TrainingOptions _options;
    private readonly AdamUpdates _updates;

    /// <summary>Prepares to train <paramref name="state"/>.</summary>
    /// <param name="state">The state, which stays the caller's.</param>
    /// <param name="minibatches">What is learned from; they stay the caller's.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="evaluator">Computes losses and gradients; it stays the caller's.</param>
    /// <exception cref="InputException">An option is out of range.</exception>
    public Trainer(TrainingState state, IMinibatches minibatches, TrainingOptions options, TransformerEvaluator evaluator)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(minibatches);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(evaluator);
        options.Validate();
        _state = state;
        _minibatches = minibatches;
        _options = options;
        Evaluator = evaluator;
        _updates = new AdamUpdates(state, evaluator.Machine);
    }

    /// <summary>Prepares to train <paramref name="state"/> on rows of tokens, in the order that the options say.</summary>
    /// <inheritdoc cref="Trainer(TrainingState, IMinibatches, TrainingOptions, TransformerEvaluator)"/>
    public Trainer(TrainingState state, TokenRows rows, TrainingOptions options, TransformerEvaluator evaluator)
        : this(state, TrainingInputs.Minibatches(rows, options), options, evaluator) { }

    /// <summary>Computes losses and gradients.</summary>
    public TransformerEvaluator Evaluator { get; }

    /// <summary>The current weights, for evaluation between steps.</summary>
    public TransformerWeights Weights => _updates.Weights;

    /// <summary>Makes one update.</summary>
    /// <returns>The minibatch loss before the update.</returns>
    /// <exception cref="DivergenceException">The loss is not finite; the state is as before the step.</exception>
    public double Step()
    {
        int step = _state.Step;
        double loss = Evaluator.LossAndGradient(Weights, _minibatches.At(step), _updates.Plan, _updates.Gradient);
        if (!double.IsFinite(loss))
        {
            string remedy =
                _options.Schedule == LearningRateSchedule.OneCycle
                    ? "lower learning_rate and start over."
                    : "lower learning_rate, or lengthen warmup_steps, and continue from an earlier checkpoint.";
            throw new DivergenceException($"training: the loss is {loss} at step {step}; {remedy}");
        }

        double rate = _options.RateAt(step);
        _updates.Apply(new AdamWOptions(rate, _options.Beta1, _options.Beta2, _options.Epsilon, _options.WeightDecay));
        return loss;
    }

    /// <inheritdoc/>
    public void Dispose() => _updates.Dispose();
}
