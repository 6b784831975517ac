using Curie.Development.Regression;
using Curie.Networks.Regression;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using MathNet.Numerics.LinearAlgebra;

namespace Curie.Development.Tests.Regression;

public sealed class BaselineTests : IDisposable
{
    /// <summary>Both sides are float64 solutions of systems of condition below 1e4.</summary>
    private const double Tolerance = 1e-10;

    private readonly WorkerPool _pool = new(1);
    private readonly Kernels _kernels = Kernels.FromEnvironment();

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void Ridge_equals_its_closed_form_on_the_examples_before()
    {
        RegressionTask task = new();
        using RegressionBatch batch = Make(task, 20);
        double[] predictions = new double[task.Examples];
        for (int s = 0; s < batch.Count; s++)
        {
            new RidgePredictor(task).Predict(batch, s, predictions);

            Assert.Equal(0, predictions[0]);
            for (int k = 1; k < task.Examples; k++)
            {
                Matrix<double> x = Inputs(batch, s).SubMatrix(0, k, 0, task.Dimension);
                Vector<double> y = Targets(batch, s).SubVector(0, k);
                Vector<double> w =
                    (x.TransposeThisAndMultiply(x) + (task.NoiseVariance * Matrix<double>.Build.DenseIdentity(task.Dimension))).Inverse()
                    * x.TransposeThisAndMultiply(y);
                Assert.Equal(Inputs(batch, s).Row(k).DotProduct(w), predictions[k], Tolerance);
            }
        }
    }

    [Fact]
    public void Ridge_on_the_first_example_has_the_form_of_one_example_for_all_that_follow()
    {
        RegressionTask task = new();
        using RegressionBatch batch = Make(task, 1);
        double[] predictions = new double[task.Examples];
        new RidgePredictor(task, examples: 1).Predict(batch, 0, predictions);

        // Sherman and Morrison: (x xᵀ + σ²I)⁻¹ x y = x y / (x·x + σ²).
        Vector<double> x = Inputs(batch, 0).Row(0);
        for (int k = 1; k < task.Examples; k++)
        {
            double expected = Inputs(batch, 0).Row(k).DotProduct(x) * batch.Targets(0)[0] / (x.DotProduct(x) + task.NoiseVariance);
            Assert.Equal(expected, predictions[k], Tolerance);
        }
    }

    [Fact]
    public void Dmmse_equals_its_closed_form_and_begins_with_the_mean_task()
    {
        RegressionTask task = new() { Tasks = 5, TaskSeed = 3 };
        using RegressionGenerator generator = new(task, _kernels);
        using RegressionBatch batch = Make(task, 8);
        double[] predictions = new double[task.Examples];
        double[] prior = new double[task.Examples];
        Vector<double>[] tasks =
        [
            .. Enumerable
                .Range(0, 5)
                .Select(m => Vector<double>.Build.DenseOfEnumerable(generator.FixedTask(m).ToArray().Select(v => (double)v))),
        ];
        for (int s = 0; s < batch.Count; s++)
        {
            new FixedTaskPredictor(generator).Predict(batch, s, predictions);
            new MeanTaskPredictor(generator).Predict(batch, s, prior);

            Assert.Equal(prior[0], predictions[0], Tolerance);
            for (int k = 0; k < task.Examples; k++)
            {
                double[] weights =
                [
                    .. tasks.Select(t =>
                        Enumerable.Range(0, k).Select(j => LikelihoodOf(t, batch, s, j, task.NoiseVariance)).Aggregate(1.0, (a, b) => a * b)
                    ),
                ];
                double expected = tasks.Zip(weights, (t, p) => p / weights.Sum() * t.DotProduct(Inputs(batch, s).Row(k))).Sum();
                Assert.Equal(expected, predictions[k], 1e-8);
            }
        }
    }

    [Fact]
    public void Ridge_errs_by_its_own_law_before_and_after_many_examples()
    {
        RegressionTask task = new() { Dimension = 2, Examples = 60 };
        using RegressionBatch batch = Make(task, 4000);
        BaselinePredictions ridge = BaselinePredictions.Of(new RidgePredictor(task), batch, _pool);
        double Error(int k) => Enumerable.Range(0, batch.Count).Average(s => Math.Pow(batch.Targets(s)[k] - ridge.Values[(s * 60) + k], 2));

        // At k = 0 the error is that of the zero predictor, D + σ² (standard error of the mean √(Var y²/4000) below .08); after 59 examples
        // σ²(1 + D/(59 − D − 1)) to first order (standard error .125·√(2/4000) = .0028). Four standard errors each.
        Assert.Equal(2.125, Error(0), 0.32);
        Assert.Equal(0.125 * (1 + (2 / 56.0)), Error(59), 0.0115);
    }

    private static double LikelihoodOf(Vector<double> task, RegressionBatch batch, int sequence, int example, double variance) =>
        Math.Exp(-Math.Pow(batch.Targets(sequence)[example] - task.DotProduct(Inputs(batch, sequence).Row(example)), 2) / (2 * variance));

    private static Matrix<double> Inputs(RegressionBatch batch, int sequence) =>
        Matrix<double>.Build.Dense(batch.Examples, batch.Dimension, (k, i) => batch.Inputs(sequence).Row(k)[i]);

    private static Vector<double> Targets(RegressionBatch batch, int sequence) =>
        Vector<double>.Build.Dense(batch.Examples, k => batch.Targets(sequence)[k]);

    private RegressionBatch Make(RegressionTask task, int sequences)
    {
        using RegressionGenerator generator = new(task, _kernels);
        RegressionBatch batch = new(task, sequences);
        generator.Fill(batch, RegressionSequences.Evaluation(2), 0, RegressionScale.Training, _pool);
        return batch;
    }
}
