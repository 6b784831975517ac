using System.Globalization;
using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Regression;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Statistics;

namespace Curie.Development.Regression;

/// <summary>
/// Evaluates the checkpoints of one training run, all on the same sequences. With ℓ_k the mean squared error at example k (from 1) and ŷ
/// the predictions:
/// <code>
/// icl_a_b = ℓ_b − ℓ_a            task_prior = mean ŷ²          X_distance = mean (ŷ − ŷ_X)²   for a baseline X
/// ood_input_g: sequences with inputs g·x,  ood_task_g: with tasks g·t;   loss, icl = ℓ_K − ℓ_1,  icl_per_g = icl/g
/// unseen_loss: with the same inputs and noise, but every sequence a task of its own from N(0, I), where training has M fixed ones
/// </code>
/// The targets of shifted sequences follow from the shifted inputs or tasks; their noise has variance σ², as in training.
/// </summary>
public sealed class RegressionEvaluation : IDisposable
{
    private readonly RegressionTask _task;
    private readonly TransformerConfig _config;
    private readonly RegressionEvaluationOptions _options;
    private readonly RegressionGenerator _generator;
    private readonly TransformerEvaluator _evaluator;
    private readonly RegressionBatch _batch;
    private readonly RegressionBatch _attentionBatch;
    private readonly RegressionBatch? _unseen;
    private readonly List<(string Name, double Scale, RegressionBatch Batch)> _shifted = [];
    private readonly List<(string Name, BaselinePredictions Predictions, int FirstExample, bool WithLoss)> _baselines = [];

    /// <summary>Prepares sequences and baselines.</summary>
    /// <param name="like">One of the run's checkpoints, of which task and shape are taken.</param>
    /// <param name="options">On what they are evaluated.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <exception cref="InputException">An option is out of range.</exception>
    public RegressionEvaluation(ParameterSet like, RegressionEvaluationOptions options, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(like);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _config = like.Layout.Config;
        _task = RegressionTask.Of(_config);
        _options = options;
        _generator = new RegressionGenerator(_task, machine.Kernels);
        _evaluator = new TransformerEvaluator(_config, machine);
        _batch = Make(options.Sequences, RegressionScale.Training);
        _attentionBatch = Make(Math.Min(options.AttentionSequences, options.Sequences), RegressionScale.Training);
        foreach (double scale in options.Scales)
        {
            string text = scale.ToString("G6", CultureInfo.InvariantCulture);
            _shifted.Add(($"ood_input_{text}", scale, Make(options.Sequences, new RegressionScale((float)scale, 1))));
            _shifted.Add(($"ood_task_{text}", scale, Make(options.Sequences, new RegressionScale(1, (float)scale))));
        }

        AddBaseline("ridge", new RidgePredictor(_task), 0, withLoss: true);
        AddBaseline("first_example", new RidgePredictor(_task, examples: 1), 1, withLoss: false);
        if (_task.Tasks is not null)
        {
            AddBaseline("dmmse", new FixedTaskPredictor(_generator), 0, withLoss: true);
            AddBaseline("mean_task", new MeanTaskPredictor(_generator), 0, withLoss: true);
            _unseen = MakeUnseen();
        }
    }

    /// <summary>The sequences of the outputs, the first of those that give the losses.</summary>
    public int OutputSequences => Math.Min(_options.OutputSequences, _options.Sequences);

    /// <summary>The sequences.</summary>
    public RegressionBatch Batch => _batch;

    /// <summary>Evaluates a checkpoint.</summary>
    /// <param name="model">Of the same task and shape as the others.</param>
    /// <param name="outputs">Receives ŷ of the first <see cref="OutputSequences"/> sequences, sequences × K; empty if not wanted.</param>
    /// <returns>The figures, under the same names in the same order for every checkpoint.</returns>
    /// <exception cref="InputException">The model is of another task or shape.</exception>
    public IReadOnlyList<RegressionScore> Evaluate(ParameterSet model, Span<float> outputs = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Layout.Config != _config)
        {
            throw new InputException("a checkpoint is of another task or shape than the others; evaluate those of one training run.");
        }

        using TransformerWeights weights = new(model, _evaluator.Machine);
        float[] predictions = new float[_batch.Count * _task.Examples];
        double[] means = new double[_batch.Count];
        double loss = RegressionOutputs.Predict(_evaluator, weights, _batch, predictions, means);
        if (!outputs.IsEmpty)
        {
            predictions.AsSpan(0, OutputSequences * _task.Examples).CopyTo(outputs);
        }

        List<RegressionScore> scores = [new("loss", loss), new("loss_se", MeanEstimate.OfIndependent(means).StandardError)];
        double[] perExample = PerExample(_batch, predictions);
        scores.AddRange(perExample.Select((value, k) => new RegressionScore($"loss_{k + 1}", value)));
        scores.AddRange(ContextScores(perExample));
        scores.Add(new RegressionScore("task_prior", predictions.Average(value => (double)value * value)));
        foreach ((string name, BaselinePredictions baseline, int first, bool withLoss) in _baselines)
        {
            if (withLoss)
            {
                scores.Add(new RegressionScore($"{name}_loss", baseline.Loss(_batch)));
            }

            scores.Add(
                new RegressionScore($"{name}_distance", first < _task.Examples ? baseline.Distance(predictions, first) : double.NaN)
            );
        }

        if (_unseen is not null)
        {
            scores.Add(new RegressionScore("unseen_loss", RegressionOutputs.Predict(_evaluator, weights, _unseen, predictions, means)));
            scores.Add(new RegressionScore("unseen_loss_se", MeanEstimate.OfIndependent(means).StandardError));
        }

        scores.AddRange(_shifted.SelectMany(shift => ShiftedScores(weights, shift.Name, shift.Scale, shift.Batch)));
        scores.AddRange(RegressionAttention.Scores(_evaluator, weights, _attentionBatch));
        scores.AddRange(RegressionCollapse.Scores(model));
        return scores;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _shifted.ForEach(shift => shift.Batch.Dispose());
        _unseen?.Dispose();
        _attentionBatch.Dispose();
        _batch.Dispose();
        _evaluator.Dispose();
        _generator.Dispose();
    }

    private static double[] PerExample(RegressionBatch batch, ReadOnlySpan<float> predictions)
    {
        double[] sums = new double[batch.Examples];
        for (int i = 0; i < predictions.Length; i++)
        {
            int k = i % batch.Examples;
            double error = (double)predictions[i] - batch.Targets(i / batch.Examples)[k];
            sums[k] += error * error;
        }

        return [.. sums.Select(sum => sum / batch.Count)];
    }

    /// <summary>ℓ_K − ℓ_1 and, with four examples or more, its halves at K/2.</summary>
    private static IEnumerable<RegressionScore> ContextScores(double[] losses)
    {
        int last = losses.Length;
        int middle = last / 2;
        yield return new RegressionScore($"icl_1_{last}", losses[^1] - losses[0]);
        if (last >= 4)
        {
            yield return new RegressionScore($"icl_1_{middle}", losses[middle - 1] - losses[0]);
            yield return new RegressionScore($"icl_{middle}_{last}", losses[^1] - losses[middle - 1]);
        }
    }

    private IEnumerable<RegressionScore> ShiftedScores(TransformerWeights weights, string name, double scale, RegressionBatch batch)
    {
        float[] predictions = new float[batch.Count * batch.Examples];
        double loss = RegressionOutputs.Predict(_evaluator, weights, batch, predictions);
        double[] losses = PerExample(batch, predictions);
        double context = losses[^1] - losses[0];
        return [new($"{name}_loss", loss), new($"{name}_icl", context), new($"{name}_icl_per_g", context / scale)];
    }

    private RegressionBatch Make(int sequences, RegressionScale scale)
    {
        RegressionBatch batch = new(_task, sequences);
        _generator.Fill(batch, RegressionSequences.Evaluation(_options.Seed), 0, scale, _evaluator.Machine.Pool);
        return batch;
    }

    /// <summary>The evaluation's sequences with tasks that training has not; inputs and noise stay as they are.</summary>
    private RegressionBatch MakeUnseen()
    {
        RegressionTask unlimited = _task with { Tasks = null };
        using RegressionGenerator generator = new(unlimited, _evaluator.Machine.Kernels);
        RegressionBatch batch = new(unlimited, _options.Sequences);
        generator.Fill(batch, RegressionSequences.Evaluation(_options.Seed), 0, RegressionScale.Training, _evaluator.Machine.Pool);
        return batch;
    }

    private void AddBaseline(string name, IRegressionBaseline baseline, int firstExample, bool withLoss) =>
        _baselines.Add((name, BaselinePredictions.Of(baseline, _batch, _evaluator.Machine.Pool), firstExample, withLoss));
}
