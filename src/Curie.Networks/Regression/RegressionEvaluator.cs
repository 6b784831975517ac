using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;

namespace Curie.Networks.Regression;

/// <summary>
/// Losses, predictions and gradients of a regression transformer over batches of sequences. Sequences are computed some at a time, and
/// gradients are
/// summed over a fixed number of shards in a fixed order, so every result is bit-identical for any number of workers.
/// </summary>
public sealed unsafe class RegressionEvaluator : IDisposable
{
    /// <summary>Sequences of one pass: their activations stay in a core's cache. Part of what defines a result's bits.</summary>
    private const int Together = 16;

    private readonly Machine _machine;
    private readonly RegressionPass[] _passes;
    private readonly RegressionBackward?[] _backwards;
    private readonly GradientShards _shards = new();
    private readonly RegressionTask _task;
    private readonly TransformerConfig _shape;
    private double[] _sums = [];

    /// <summary>Working memory for every worker of the pool.</summary>
    /// <param name="model">A model of the shape that will be evaluated; its weights are not looked at.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    public RegressionEvaluator(RegressionModel model, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(machine);
        _task = model.Task;
        _shape = model.Parameters.Layout.Config;
        _machine = machine;
        _passes = [.. Enumerable.Range(0, machine.Pool.Workers).Select(_ => new RegressionPass(_shape, machine.Kernels, Together))];
        _backwards = new RegressionBackward?[machine.Pool.Workers];
    }

    /// <summary>What computes.</summary>
    public Machine Machine => _machine;

    /// <summary>L = mean over sequences and examples of (ŷ_k − y_k)², summed in float64.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="batch">The sequences.</param>
    /// <param name="sequenceMeans">Receives each sequence's mean; empty if not wanted.</param>
    /// <param name="predictions">Receives ŷ, sequences × K; empty if not wanted.</param>
    public double Loss(
        TransformerWeights weights,
        RegressionBatch batch,
        Span<double> sequenceMeans = default,
        Span<float> predictions = default
    )
    {
        Prepare(weights, batch);
        if (!predictions.IsEmpty && predictions.Length != batch.Count * batch.Examples)
        {
            throw new ArgumentException("There is one prediction for each example of each sequence.", nameof(predictions));
        }

        fixed (float* output = predictions)
        {
            LossBody body = new(this, weights, batch, output);
            _machine.Pool.Run(Parts(batch), ref body);
        }

        for (int i = 0; i < sequenceMeans.Length; i++)
        {
            sequenceMeans[i] = _sums[i] / batch.Examples;
        }

        return Total(batch);
    }

    /// <summary>L and ∂L/∂w for the parameters of the plan's restriction.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="batch">The minibatch.</param>
    /// <param name="plan">Which gradients.</param>
    /// <param name="gradient">Receives the gradient, of the restriction's dimension, in the restriction's order.</param>
    public double LossAndGradient(TransformerWeights weights, RegressionBatch batch, GradientPlan plan, Span<float> gradient)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Prepare(weights, batch);
        int shards = _shards.Begin(plan.Layout, Parts(batch));
        GradientBody body = new(this, weights, batch, plan, shards, (float)(1 / ((double)batch.Count * batch.Examples)));
        _machine.Pool.Run(shards, ref body);
        _shards.Reduce(_machine, plan, shards, gradient);
        return Total(batch);
    }

    /// <summary>Attention probabilities of one layer: a[s, h, i, j] of query i for key j ≤ i, 0 for later keys.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="batch">The sequences.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="probabilities">Receives sequences × heads × T × T numbers.</param>
    public void Attention(TransformerWeights weights, RegressionBatch batch, int layer, Span<float> probabilities)
    {
        Prepare(weights, batch);
        int tokens = _task.Tokens;
        if (probabilities.Length != (long)batch.Count * _shape.Heads * tokens * tokens)
        {
            throw new ArgumentException("There is one probability for each sequence, head, query and key.", nameof(probabilities));
        }

        fixed (float* output = probabilities)
        {
            AttentionBody body = new(this, weights, batch, layer, output);
            _machine.Pool.Run(Parts(batch), ref body);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_passes, pass => pass.Dispose());
        Array.ForEach(_backwards, backward => backward?.Dispose());
        _shards.Dispose();
    }

    private static int Parts(RegressionBatch batch) => (batch.Count + Together - 1) / Together;

    private void Prepare(TransformerWeights weights, RegressionBatch batch)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(batch);
        if (weights.Parameters.Layout.Config != _shape || batch.Examples != _task.Examples || batch.Dimension != _task.Dimension)
        {
            throw new ArgumentException("The weights or the batch are of another shape than the evaluator.", nameof(weights));
        }

        if (_sums.Length < batch.Count)
        {
            _sums = new double[batch.Count];
        }
    }

    private double Total(RegressionBatch batch)
    {
        double total = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            total += _sums[i];
        }

        return total / ((double)batch.Count * batch.Examples);
    }

    private RegressionPass Forward(TransformerWeights weights, RegressionBatch batch, int part, int worker)
    {
        RegressionPass pass = _passes[worker];
        int first = part * Together;
        int count = Math.Min(Together, batch.Count - first);
        pass.Forward(weights, batch, first, count);
        MatrixView outputs = pass.Outputs;
        for (int s = 0; s < count; s++)
        {
            Span<float> targets = batch.Targets(first + s);
            double sum = 0;
            for (int k = 0; k < targets.Length; k++)
            {
                double error = (double)outputs.Row((s * targets.Length) + k)[0] - targets[k];
                sum += error * error;
            }

            _sums[first + s] = sum;
        }

        return pass;
    }

    private readonly struct LossBody(RegressionEvaluator owner, TransformerWeights weights, RegressionBatch batch, float* predictions)
        : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            MatrixView outputs = owner.Forward(weights, batch, item, worker).Outputs;
            if (predictions == null)
            {
                return;
            }

            float* target = predictions + ((long)item * Together * batch.Examples);
            for (int i = 0; i < outputs.Rows; i++)
            {
                target[i] = outputs.Row(i)[0];
            }
        }
    }

    private readonly struct GradientBody(
        RegressionEvaluator owner,
        TransformerWeights weights,
        RegressionBatch batch,
        GradientPlan plan,
        int shards,
        float scale
    ) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            ParameterSet shard = owner._shards.Clear(item, plan);
            for (int part = item; part < Parts(batch); part += shards)
            {
                RegressionPass pass = owner.Forward(weights, batch, part, worker);
                RegressionBackward backward = owner._backwards[worker] ??= new RegressionBackward(
                    owner._shape,
                    owner._machine.Kernels,
                    pass
                );
                backward.Run(weights, batch, part * Together, plan, scale, shard);
            }
        }
    }

    private readonly struct AttentionBody(
        RegressionEvaluator owner,
        TransformerWeights weights,
        RegressionBatch batch,
        int layer,
        float* output
    ) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            RegressionPass pass = owner.Forward(weights, batch, item, worker);
            int size = owner._shape.Heads * owner._task.Tokens * owner._task.Tokens;
            for (int s = 0; s < pass.Count; s++)
            {
                pass.AttentionOf(layer, s, new Span<float>(output + ((((long)item * Together) + s) * size), size));
            }
        }
    }
}
