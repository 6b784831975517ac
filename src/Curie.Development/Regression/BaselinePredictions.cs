using Curie.Networks.Regression;
using Curie.Numerics.Parallelism;

namespace Curie.Development.Regression;

/// <summary>What a baseline predicts for a batch of sequences, in float64.</summary>
public sealed class BaselinePredictions
{
    private readonly double[] _values;
    private readonly int _examples;

    private BaselinePredictions(int sequences, int examples)
    {
        _values = new double[sequences * examples];
        _examples = examples;
    }

    /// <summary>Sequences × K.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Predicts all sequences of a batch.</summary>
    public static BaselinePredictions Of(IRegressionBaseline baseline, RegressionBatch batch, WorkerPool pool)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(pool);
        BaselinePredictions predictions = new(batch.Count, batch.Examples);
        PredictBody body = new(baseline, batch, predictions);
        pool.Run(batch.Count, ref body);
        return predictions;
    }

    /// <summary>
    /// The mean squared distance of a model's predictions from these, over the examples from <paramref name="firstExample"/> on.
    /// </summary>
    public double Distance(ReadOnlySpan<float> predictions, int firstExample = 0)
    {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < _values.Length; i++)
        {
            if (i % _examples >= firstExample)
            {
                sum += (predictions[i] - _values[i]) * (predictions[i] - _values[i]);
                count++;
            }
        }

        return sum / count;
    }

    /// <summary>The baseline's own mean squared error.</summary>
    public double Loss(RegressionBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        double sum = 0;
        for (int i = 0; i < _values.Length; i++)
        {
            double error = batch.Targets(i / _examples)[i % _examples] - _values[i];
            sum += error * error;
        }

        return sum / _values.Length;
    }

    private readonly struct PredictBody(IRegressionBaseline baseline, RegressionBatch batch, BaselinePredictions predictions)
        : IParallelBody
    {
        public void Invoke(int item, int worker) =>
            baseline.Predict(batch, item, predictions._values.AsSpan(item * predictions._examples, predictions._examples));
    }
}
