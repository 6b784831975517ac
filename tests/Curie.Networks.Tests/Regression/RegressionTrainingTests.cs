using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Regression;
using Curie.Networks.Training;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Tests;

namespace Curie.Networks.Tests.Regression;

public sealed class RegressionTrainingTests : IDisposable
{
    private static readonly TrainingOptions Options = TrainingOptions.OfRegression with
    {
        Steps = 24,
        BatchSize = 40,
        LogCheckpoints = 3,
        LinearCheckpoints = 2,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly Machine _machine = new(Kernels.For(NetworkFixture.Widest), 2);

    public void Dispose()
    {
        _machine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_published_schedule_starts_and_ends_at_its_peak_over_249999()
    {
        OneCycleSchedule schedule = new(0.003, 500_000);

        Assert.Equal(0.003 / 249_999, schedule.RateAt(0), 1e-18);
        Assert.Equal(0.003, schedule.RateAt(249_999), 1e-18);
        Assert.Equal(0.003 / 249_999, schedule.RateAt(499_999), 1e-16);

        // A line between both: a half and half a step's rise of 0.003/249,999 at update 125,000.
        Assert.Equal(0.0015 + (0.003 / 249_999), schedule.RateAt(125_000), 1e-10);
        Assert.True(schedule.RateAt(250_000) < 0.003);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Short_schedules_stay_finite_and_below_the_peak(int steps) =>
        Assert.All(Enumerable.Range(0, steps).Select(new OneCycleSchedule(1, steps).RateAt), rate => Assert.InRange(rate, 0, 1));

    [Fact]
    public void A_stopped_run_continues_with_the_bits_of_one_that_was_not()
    {
        string whole = Directory.CreateDirectory(_folder.File("whole")).FullName;
        string halves = Directory.CreateDirectory(_folder.File("halves")).FullName;
        using CancellationTokenSource stop = new();

        Train(whole, resume: false, null, CancellationToken.None);
        Assert.Throws<OperationCanceledException>(() => Train(halves, resume: false, new StopAt(9, stop), stop.Token));
        Train(halves, resume: true, null, CancellationToken.None);

        foreach (
            string file in new[]
            {
                "train.csv",
                "validation.csv",
                "checkpoint-24/model.safetensors",
                "checkpoint-12/model.safetensors",
                "checkpoint-0/config.json",
            }
        )
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, file)), File.ReadAllBytes(Path.Combine(halves, file)));
        }
    }

    [Fact]
    public void A_training_step_allocates_nothing_once_it_has_run()
    {
        using RegressionFixture network = new(RegressionFixture.SmallTask, RegressionFixture.SmallShape, sequences: 1, workers: 1);
        using RegressionGenerator generator = new(RegressionFixture.SmallTask, network.Machine.Kernels);
        using RegressionMinibatches minibatches = new(generator, RegressionSequences.Training(1), 40, network.Machine.Pool);
        using TrainingState state = new(network.Model.Clone());
        using Trainer trainer = new(state, minibatches, Options, network.Evaluator);
        trainer.Step();
        long before = GC.GetAllocatedBytesForCurrentThread();

        trainer.Step();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_run_that_diverges_is_told_to_start_over()
    {
        using RegressionFixture network = new(RegressionFixture.SmallTask, RegressionFixture.SmallShape, sequences: 1);
        using RegressionGenerator generator = new(RegressionFixture.SmallTask, network.Machine.Kernels);
        using RegressionMinibatches minibatches = new(generator, RegressionSequences.Training(1), 40, network.Machine.Pool);
        using TrainingState state = new(network.Model.Clone());
        state.Parameters.Values[0] = float.NaN;
        using Trainer trainer = new(state, minibatches, Options, network.Evaluator);

        Assert.Contains("start over", Assert.Throws<DivergenceException>(() => trainer.Step()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_is_read_back_with_task_shape_and_weights()
    {
        RegressionTask task = new()
        {
            Dimension = 3,
            Examples = 5,
            NoiseVariance = 0.25,
            Tasks = 32,
            TaskSeed = 6,
        };
        RegressionArchitecture shape = RegressionFixture.SmallShape with { DoubleResidual = false };
        using ParameterSet model = shape.CreateModel(task);
        RegressionInitialization.Fill(model, seed: 1);
        string folder = _folder.File("model");

        ModelFolder.Save(folder, model);
        using ParameterSet read = RegressionFolder.Load(folder);

        Assert.True(RegressionFolder.IsRegression(folder));
        Assert.Equal(task, read.Layout.Config.Task);
        Assert.Equal(model.Layout.Config, read.Layout.Config);
        Assert.Equal(model.Values, read.Values);
        Assert.Contains(
            "Curie.Networks.Regression",
            Assert.Throws<InputException>(() => ModelReader.Load(folder)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_model_of_language_is_no_regression_transformer()
    {
        string folder = Path.Combine(ReferenceData.Transformer("1-relu-standard"), "model");

        Assert.False(RegressionFolder.IsRegression(folder));
        Assert.Contains(
            "no regression transformer",
            Assert.Throws<InputException>(() => RegressionFolder.Load(folder)).Message,
            StringComparison.Ordinal
        );
    }

    private void Train(string folder, bool resume, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        (RegressionTask task, RegressionArchitecture shape) = (RegressionFixture.SmallTask, RegressionFixture.SmallShape);
        using RegressionTrainingInputs inputs = new(task, shape, Options.Seed, "the same", _machine.Kernels) { ValidationSequences = 20 };
        new TrainingRun(inputs, Options, _machine).Run(folder, resume, progress, cancellation);
    }

    private sealed class StopAt(int step, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == step)
            {
                stop.Cancel();
            }
        }
    }
}
