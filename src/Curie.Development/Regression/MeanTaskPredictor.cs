using Curie.Networks.Regression;

namespace Curie.Development.Regression;

/// <summary>
/// The task prior: ŷ = x·t̄ with t̄ the mean of the fixed tasks, or 0 where every sequence has a task of its own. What is best without
/// looking at any example.
/// </summary>
public sealed class MeanTaskPredictor : IRegressionBaseline
{
    private readonly double[] _mean;

    /// <summary>A predictor for a task.</summary>
    public MeanTaskPredictor(RegressionGenerator tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        _mean = new double[tasks.Task.Dimension];
        int count = tasks.Task.Tasks ?? 0;
        for (int m = 0; m < count; m++)
        {
            ReadOnlySpan<float> task = tasks.FixedTask(m);
            for (int i = 0; i < _mean.Length; i++)
            {
                _mean[i] += (double)task[i] / count;
            }
        }
    }

    /// <inheritdoc/>
    public void Predict(RegressionBatch batch, int sequence, Span<double> predictions)
    {
        ArgumentNullException.ThrowIfNull(batch);
        for (int k = 0; k < batch.Examples; k++)
        {
            ReadOnlySpan<float> x = batch.Inputs(sequence).Row(k);
            double sum = 0;
            for (int i = 0; i < _mean.Length; i++)
            {
                sum += _mean[i] * x[i];
            }

            predictions[k] = sum;
        }
    }
}
