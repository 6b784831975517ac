using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
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
    private readonly TransformerConfig _config;
    private readonly TransformerEvaluator _evaluator;
    private readonly RegressionBatch _batch;
    private readonly float[] _predictions;

    /// <summary>Makes the sequences.</summary>
    /// <param name="like">One of the checkpoints, of which task and shape are taken.</param>
    /// <param name="most">The most outputs, K or more: as many whole sequences of K as they give.</param>
    /// <param name="seed">The seed of the sequences.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <exception cref="InputException">The outputs are fewer than one sequence has.</exception>
    public RegressionPredictions(ParameterSet like, int most, long seed, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(like);
        ArgumentNullException.ThrowIfNull(machine);
        _config = like.Layout.Config;
        RegressionTask task = RegressionTask.Of(_config);
        int examples = task.Examples;
        if (most < examples)
        {
            throw new InputException($"{most} outputs are fewer than the {examples} of one sequence; follow more.");
        }

        _evaluator = new TransformerEvaluator(_config, machine);
        _batch = new RegressionBatch(task, most / examples);
        using RegressionGenerator generator = new(task, machine.Kernels);
        generator.Fill(_batch, RegressionSequences.Evaluation(seed), 0, RegressionScale.Training, machine.Pool);
        _predictions = new float[_batch.Count * examples];
    }

    /// <summary>The number of outputs.</summary>
    public int Count => _predictions.Length;

    /// <summary>The outputs of one checkpoint, sequence by sequence.</summary>
    /// <exception cref="InputException">The model is of another task or shape.</exception>
    public double[] Of(ParameterSet model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Layout.Config != _config)
        {
            throw new InputException("a checkpoint is of another task or shape than the others; give those of one training run.");
        }

        using TransformerWeights weights = new(model, _evaluator.Machine);
        RegressionOutputs.Predict(_evaluator, weights, _batch, _predictions);
        return Array.ConvertAll(_predictions, value => (double)value);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _batch.Dispose();
        _evaluator.Dispose();
    }
}
