using Curie.Networks.Regression;

namespace Curie.Development.Regression;

/// <summary>
/// dMMSE, the Bayes-optimal predictor of M fixed tasks (Raventós et al. 2023): ŷ_{k+1} = x_{k+1}·Σ_m p_m t_m with
/// p = softmax_m(−Σ_{j≤k} (y_j − t_m·x_j)²/(2σ²)). Without examples it predicts with the mean task.
/// </summary>
public sealed class FixedTaskPredictor : IRegressionBaseline
{
    private readonly RegressionGenerator _tasks;
    private readonly int _count;
    private readonly double _variance;

    /// <summary>A predictor for a task with fixed tasks.</summary>
    /// <param name="tasks">Holds the tasks; it stays the caller's.</param>
    /// <exception cref="ArgumentException">Every sequence has a task of its own.</exception>
    public FixedTaskPredictor(RegressionGenerator tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        _count = tasks.Task.Tasks ?? throw new ArgumentException("There are no fixed tasks.", nameof(tasks));
        _tasks = tasks;
        _variance = Math.Max(tasks.Task.NoiseVariance, RidgePredictor.LeastVariance);
    }

    /// <inheritdoc/>
    public void Predict(RegressionBatch batch, int sequence, Span<double> predictions)
    {
        ArgumentNullException.ThrowIfNull(batch);
        double[] errors = new double[_count];
        double[] values = new double[_count];
        Span<float> targets = batch.Targets(sequence);
        for (int k = 0; k < batch.Examples; k++)
        {
            ReadOnlySpan<float> x = batch.Inputs(sequence).Row(k);
            double least = double.PositiveInfinity;
            for (int m = 0; m < _count; m++)
            {
                values[m] = Dot(_tasks.FixedTask(m), x);
                least = Math.Min(least, errors[m]);
            }

            double total = 0;
            double weighted = 0;
            for (int m = 0; m < _count; m++)
            {
                double weight = Math.Exp((least - errors[m]) / (2 * _variance));
                total += weight;
                weighted += weight * values[m];
                double error = targets[k] - values[m];
                errors[m] += error * error;
            }

            predictions[k] = weighted / total;
        }
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum;
    }
}
