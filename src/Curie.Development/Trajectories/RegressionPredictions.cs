using Curie.Networks.Passes;
using Curie.Networks.Regression;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;

namespace Curie.Development.Trajectories;

/// <summary>
/// The predictions ŷ_k of a regression transformer at every example of fixed held-out sequences: the outputs whose trajectory over training
/// essential
/// dynamics follows.
/// </summary>
public sealed class RegressionPredictions : IDisposable
{
    private readonly RegressionModel _like;
    private readonly RegressionEvaluator _evaluator;
    private readonly RegressionBatch _batch;
    private readonly float[] _predictions;

    /// <summary>Makes the sequences.</summary>
    /// <param name="like">One of the checkpoints, of which task and shape are taken; it stays the caller's and must outlive this.</param>
    /// <param name="most">The most outputs, K or more: as many whole sequences of K as they give.</param>
    /// <param name="seed">The seed of the sequences.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <exception cref="InputException">The outputs are fewer than one sequence has.</exception>
    public RegressionPredictions(RegressionModel like, int most, long seed, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(like);
        ArgumentNullException.ThrowIfNull(machine);
        int examples = like.Task.Examples;
        if (most < examples)
        {
            throw new InputException($"{most} outputs are fewer than the {examples} of one sequence; follow more.");
        }

        _like = like;
        _evaluator = new RegressionEvaluator(like, machine);
        _batch = new RegressionBatch(like.Task, most / examples);
        using RegressionGenerator generator = new(like.Task, machine.Kernels);
        generator.Fill(_batch, RegressionSequences.Evaluation(seed), 0, RegressionScale.Training, machine.Pool);
        _predictions = new float[_batch.Count * examples];
    }

    /// <summary>The number of outputs.</summary>
    public int Count => _predictions.Length;

    /// <summary>The outputs of one checkpoint, sequence by sequence.</summary>
    /// <exception cref="InputException">The model is of another task or shape.</exception>
    public double[] Of(RegressionModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Task != _like.Task || model.Architecture != _like.Architecture)
        {
            throw new InputException("a checkpoint is of another task or shape than the others; give those of one training run.");
        }

        using TransformerWeights weights = new(model.Parameters, _evaluator.Machine);
        _evaluator.Loss(weights, _batch, predictions: _predictions);
        return Array.ConvertAll(_predictions, value => (double)value);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _batch.Dispose();
        _evaluator.Dispose();
    }
}
