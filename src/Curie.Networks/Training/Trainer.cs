using Curie.Networks.Data;
using Curie.Networks.Passes;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Random;
using Curie.Text.Packing;

namespace Curie.Networks.Training;

/// <summary>
/// Makes training steps: one minibatch, its gradient, one AdamW update. The step depends on the state, the options and the rows alone, so a
/// run continued from a saved state gives the same bits as one that was never interrupted.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly TrainingState _state;
    private readonly TokenRows _rows;
    private readonly TrainingOptions _options;
    private readonly AdamUpdates _updates;
    private readonly MinibatchOrder _order;
    private readonly int[] _batch;

    /// <summary>Prepares to train <paramref name="state"/>, which stays the caller's.</summary>
    public Trainer(TrainingState state, TokenRows rows, TrainingOptions options, TransformerEvaluator evaluator)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(evaluator);
        options.Validate();
        _state = state;
        _rows = rows;
        _options = options;
        Evaluator = evaluator;
        _updates = new AdamUpdates(state, evaluator.Machine);
        _order = new MinibatchOrder(rows.Count, options.Order, PhiloxKey.Derive(options.Seed, RandomPurpose.TrainingOrder));
        _batch = new int[options.BatchSize];
    }

    /// <summary>Computes losses and gradients.</summary>
    public TransformerEvaluator Evaluator { get; }

    /// <summary>The current weights, for evaluation between steps.</summary>
    public TransformerWeights Weights => _updates.Weights;

    /// <summary>Makes one update.</summary>
    /// <returns>The minibatch loss before the update, nats per token.</returns>
    /// <exception cref="DivergenceException">The loss is not finite; the state is as before the step.</exception>
    public double Step()
    {
        int step = _state.Step;
        _order.Fill(step, _batch);
        double loss = Evaluator.LossAndGradient(Weights, _rows, _batch, _updates.Plan, _updates.Gradient);
        if (!double.IsFinite(loss))
        {
            throw new DivergenceException(
                $"training: the loss is {loss} at step {step}; lower learning_rate, or lengthen warmup_steps, and continue from an "
                    + "earlier checkpoint."
            );
        }

        double rate = _options.LearningRate * (_options.WarmupSteps > 0 ? Math.Min(1, (step + 1.0) / _options.WarmupSteps) : 1);
        _updates.Apply(new AdamWOptions(rate, _options.Beta1, _options.Beta2, _options.Epsilon, _options.WeightDecay));
        return loss;
    }

    /// <inheritdoc/>
    public void Dispose() => _updates.Dispose();
}
