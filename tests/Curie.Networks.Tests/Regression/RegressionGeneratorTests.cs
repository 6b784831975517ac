using Curie.Networks.Regression;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;

namespace Curie.Networks.Tests.Regression;

public sealed class RegressionGeneratorTests : IDisposable
{
    private readonly WorkerPool _pool = new(2);
    private readonly Kernels _kernels = Kernels.For(NetworkFixture.Widest);

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void Targets_are_task_times_input_plus_noise_of_the_variance_asked_for()
    {
        RegressionTask task = new();
        const int sequences = 20_000;
        using RegressionBatch batch = Make(task, sequences, RegressionScale.Training);

        double squares = 0;
        double noise = 0;
        for (int s = 0; s < sequences; s++)
        {
            for (int k = 0; k < task.Examples; k++)
            {
                double y = batch.Targets(s)[k];
                squares += y * y;
                noise += Math.Pow(y - Dot(batch.Task(s), batch.Inputs(s).Row(k)), 2);
            }
        }

        // Var(noise²) = 2σ⁴ over 160,000 independent values: a standard error of .00044. E y² = D + σ², whose error is dominated by the
        // 20,000 tasks: Var(t·t) = 2D gives √(8/20000) = .02, and examples add .03. Five standard errors each.
        double count = (double)sequences * task.Examples;
        Assert.Equal(task.NoiseVariance, noise / count, 0.0022);
        Assert.Equal(task.Dimension + task.NoiseVariance, squares / count, 0.2);
    }

    [Fact]
    public void Fixed_tasks_are_the_same_for_a_larger_number_and_are_chosen_evenly()
    {
        RegressionTask four = new() { Tasks = 4, TaskSeed = 8 };
        using RegressionGenerator small = new(four, _kernels);
        using RegressionGenerator large = new(four with { Tasks = 64 }, _kernels);
        using RegressionBatch batch = Make(four, 4000, RegressionScale.Training);

        int[] counts = new int[4];
        for (int s = 0; s < batch.Count; s++)
        {
            counts[Enumerable.Range(0, 4).Single(m => batch.Task(s).SequenceEqual(small.FixedTask(m)))]++;
        }

        for (int m = 0; m < 4; m++)
        {
            Assert.Equal(small.FixedTask(m), large.FixedTask(m));

            // Binomial with p = ¼: s.d. √(4000·3/16) = 27; five of them.
            Assert.InRange(counts[m], 865, 1135);
        }
    }

    [Fact]
    public void A_sequence_depends_on_its_address_alone()
    {
        RegressionTask task = new() { Tasks = 16 };
        using RegressionBatch many = Make(task, 100, RegressionScale.Training);
        using RegressionBatch few = Make(task, 41, RegressionScale.Training);
        using RegressionBatch later = Make(task, 41, RegressionScale.Training, step: 1);

        Assert.Equal(many.Targets(40), few.Targets(40));
        Assert.Equal(many.Inputs(40).Row(7), few.Inputs(40).Row(7));
        Assert.False(many.Targets(40).SequenceEqual(later.Targets(40)));
    }

    [Fact]
    public void Scales_multiply_inputs_and_tasks_and_leave_the_noise()
    {
        RegressionTask task = new();
        using RegressionBatch plain = Make(task, 3, RegressionScale.Training);
        using RegressionBatch inputs = Make(task, 3, new RegressionScale(10, 1));
        using RegressionBatch tasks = Make(task, 3, new RegressionScale(1, 10));

        double noise = plain.Targets(2)[5] - Dot(plain.Task(2), plain.Inputs(2).Row(5));
        double expected = (10 * Dot(plain.Task(2), plain.Inputs(2).Row(5))) + noise;

        // Float32 rounding of numbers of order 30.
        Assert.Equal(expected, inputs.Targets(2)[5], 1e-4);
        Assert.Equal(expected, tasks.Targets(2)[5], 1e-4);
        Assert.Equal(plain.Inputs(2).Row(5), tasks.Inputs(2).Row(5));
        Assert.Equal(plain.Task(2), inputs.Task(2));
    }

    [Fact]
    public void A_long_sequence_has_the_numbers_of_its_address_too()
    {
        RegressionTask task = new() { Dimension = 30, Examples = 40 };
        using RegressionBatch many = Make(task, 35, RegressionScale.Training);
        using RegressionBatch few = Make(task, 34, RegressionScale.Training);

        Assert.Equal(many.Targets(33), few.Targets(33));
    }

    [Theory]
    [InlineData(0, 8, 0.1, "dimension")]
    [InlineData(4, 0, 0.1, "examples")]
    [InlineData(4, 8, -1.0, "noise_variance")]
    public void A_value_out_of_range_is_refused_by_name(int dimension, int examples, double variance, string key)
    {
        RegressionTask task = new()
        {
            Dimension = dimension,
            Examples = examples,
            NoiseVariance = variance,
        };

        Assert.Contains(
            key,
            Assert.Throws<InputException>(() => new RegressionGenerator(task, _kernels)).Message,
            StringComparison.Ordinal
        );
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

    private RegressionBatch Make(RegressionTask task, int sequences, RegressionScale scale, long step = 0)
    {
        using RegressionGenerator generator = new(task, _kernels);
        RegressionBatch batch = new(task, sequences);
        generator.Fill(batch, RegressionSequences.Training(1), step, scale, _pool);
        return batch;
    }
}
