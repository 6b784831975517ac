using Curie.Networks.Regression;

namespace Curie.Development.Regression;

/// <summary>
/// Ridge regression on the first k examples, ŷ_{k+1} = x_{k+1}·(XᵀX + σ²I)⁻¹Xᵀy: the Bayes-optimal predictor where every sequence has a
/// task of its own,
/// t ~ N(0, I), and noise of variance σ². Without examples it predicts 0. In float64, by Cholesky's factors.
/// </summary>
public sealed class RidgePredictor : IRegressionBaseline
{
    /// <summary>Stands for a noise of 0, whose limit, the least-norm solution, is reached to its own order.</summary>
    internal const double LeastVariance = 1e-9;

    private readonly double _variance;
    private readonly int _examples;

    /// <summary>A predictor for a task.</summary>
    /// <param name="task">Gives σ².</param>
    /// <param name="examples">The first so many examples are looked at; all that came before by default.</param>
    public RidgePredictor(RegressionTask task, int examples = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(task);
        _variance = Math.Max(task.NoiseVariance, LeastVariance);
        _examples = examples;
    }

    /// <inheritdoc/>
    public void Predict(RegressionBatch batch, int sequence, Span<double> predictions)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int d = batch.Dimension;
        double[] gram = new double[d * d];
        double[] moment = new double[d];
        double[] factor = new double[d * d];
        double[] solution = new double[d];
        for (int i = 0; i < d; i++)
        {
            gram[(i * d) + i] = _variance;
        }

        Span<float> targets = batch.Targets(sequence);
        for (int k = 0; k < batch.Examples; k++)
        {
            ReadOnlySpan<float> x = batch.Inputs(sequence).Row(k);
            predictions[k] = Dot(x, solution);
            if (k >= _examples || k == batch.Examples - 1)
            {
                continue;
            }

            for (int i = 0; i < d; i++)
            {
                moment[i] += (double)x[i] * targets[k];
                for (int j = 0; j <= i; j++)
                {
                    gram[(i * d) + j] += (double)x[i] * x[j];
                }
            }

            Solve(gram, moment, factor, solution);
        }
    }

    private static double Dot(ReadOnlySpan<float> x, double[] w)
    {
        double sum = 0;
        for (int i = 0; i < w.Length; i++)
        {
            sum += x[i] * w[i];
        }

        return sum;
    }

    /// <summary>solution = gram⁻¹·moment; only the lower triangle of gram is read.</summary>
    private static void Solve(double[] gram, double[] moment, double[] factor, double[] solution)
    {
        int d = moment.Length;
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = gram[(i * d) + j];
                for (int c = 0; c < j; c++)
                {
                    sum -= factor[(i * d) + c] * factor[(j * d) + c];
                }

                factor[(i * d) + j] = i == j ? Math.Sqrt(sum) : sum / factor[(j * d) + j];
            }
        }

        for (int i = 0; i < d; i++)
        {
            double sum = moment[i];
            for (int c = 0; c < i; c++)
            {
                sum -= factor[(i * d) + c] * solution[c];
            }

            solution[i] = sum / factor[(i * d) + i];
        }

        for (int i = d - 1; i >= 0; i--)
        {
            double sum = solution[i];
            for (int c = i + 1; c < d; c++)
            {
                sum -= factor[(c * d) + i] * solution[c];
            }

            solution[i] = sum / factor[(i * d) + i];
        }
    }
}
