using Curie.Networks.Data;
using Curie.Networks.Files;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Training;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Numerics.Kernels;
using Curie.Numerics.Simd;
using Curie.Text.Packing;

namespace Curie.Networks.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    /// <summary>Float32 PyTorch follows the float64 curve to 5e-7; ten times that (tests/reference/README.md).</summary>
    private const double LossTolerance = 5e-6;

    /// <summary>Ten times the relative difference of float32 PyTorch's final norm.</summary>
    private const double NormTolerance = 2.2e-6;

    private readonly string _folder = Directory.CreateTempSubdirectory("curie-training-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, SimdWidth> Curves()
    {
        TheoryData<string, SimdWidth> data = [];
        foreach (SimdWidth width in Kernels.SupportedWidths)
        {
            data.Add("2-attention-shortformer", width);
            data.Add("2-gelu-standard", width);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Curves))]
    public void AdamW_follows_the_float64_loss_curve_at_every_step(string name, SimdWidth width)
    {
        string folder = ReferenceData.Training(name);
        using NetworkFixture network = new(Path.Combine(folder, "model"), width, workers: 2);
        using TokenRows rows = TokenRows.Load(Path.Combine(folder, "tokens.npy"));
        using NpzReader expected = NpzFile.Open(Path.Combine(folder, "expected.npz"));
        double[] curve = expected.Read<double>("loss").ToArray();
        TrainingOptions options = new()
        {
            Steps = curve.Length,
            BatchSize = 4,
            Order = RowOrder.Sequential,
        };
        using TrainingState state = new(network.Parameters.Clone());
        using Trainer trainer = new(state, rows, options, network.Evaluator);

        foreach (double reference in curve)
        {
            Assert.InRange(trainer.Step() - reference, -LossTolerance, LossTolerance);
        }

        double norm = 0;
        foreach (float value in state.Parameters.Values)
        {
            norm += (double)value * value;
        }

        double finalNorm = expected.Read<double>("final_norm").ToArray()[0];
        Assert.InRange(Math.Sqrt(norm) / finalNorm, 1 - NormTolerance, 1 + NormTolerance);
    }

    [Fact]
    public void A_run_stopped_between_two_saves_continues_to_the_same_bytes()
    {
        string whole = Path.Combine(_folder, "whole");
        string broken = Path.Combine(_folder, "broken");
        Train(whole, workers: 2, resume: false, stopAt: null);

        Train(broken, workers: 1, resume: false, stopAt: 7);
        File.AppendAllText(Path.Combine(broken, "train.csv"), "7,1.5\n8,"); // what a kill leaves behind the last saved state
        Train(broken, workers: 2, resume: true, stopAt: 13);
        Train(broken, workers: 3, resume: true, stopAt: null);

        string[] files =
        [
            .. Directory.GetFiles(whole, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(whole, file)).Order(),
        ];
        Assert.Equal(
            files,
            Directory.GetFiles(broken, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(broken, file)).Order()
        );
        foreach (string file in files)
        {
            Assert.True(File.ReadAllBytes(Path.Combine(whole, file)).SequenceEqual(File.ReadAllBytes(Path.Combine(broken, file))), file);
        }
    }

    [Fact]
    public void A_state_of_a_run_with_other_settings_is_refused()
    {
        string folder = Path.Combine(_folder, "run");
        Train(folder, workers: 1, resume: false, stopAt: 3);

        InputException error = Assert.Throws<InputException>(() =>
            Train(folder, workers: 1, resume: true, stopAt: null, fingerprint: "another")
        );

        Assert.Contains("other settings", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_not_finite_stops_training_and_names_the_step()
    {
        string folder = ReferenceData.Training("2-gelu-standard");
        using NetworkFixture network = new(Path.Combine(folder, "model"), NetworkFixture.Widest, workers: 1);
        using TokenRows rows = TokenRows.Load(Path.Combine(folder, "tokens.npy"));
        using TrainingState state = new(network.Parameters.Clone());
        TrainingOptions options = new()
        {
            Steps = 50,
            BatchSize = 4,
            LearningRate = 1e30,
            WeightDecay = 0,
        };
        using Trainer trainer = new(state, rows, options, network.Evaluator);

        DivergenceException error = Assert.Throws<DivergenceException>(() =>
        {
            for (int step = 0; step < options.Steps; step++)
            {
                trainer.Step();
            }
        });

        Assert.Contains("learning_rate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_step_allocates_nothing_once_it_has_run()
    {
        string folder = ReferenceData.Training("2-gelu-standard");
        using NetworkFixture network = new(Path.Combine(folder, "model"), NetworkFixture.Widest, workers: 1);
        using TokenRows rows = TokenRows.Load(Path.Combine(folder, "tokens.npy"));
        using TrainingState state = new(network.Parameters.Clone());
        using Trainer trainer = new(state, rows, new TrainingOptions { Steps = 9, BatchSize = 9 }, network.Evaluator);
        trainer.Step();
        long before = GC.GetAllocatedBytesForCurrentThread();

        trainer.Step();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData(50_000, 50, 50)]
    [InlineData(3, 50, 50)]
    [InlineData(1, 0, 0)]
    [InlineData(1000, 10, 4)]
    public void The_checkpoint_schedule_is_ascending_and_keeps_the_first_and_the_last(int steps, int log, int linear)
    {
        IReadOnlyList<int> labels = CheckpointSchedule.Steps(steps, log, linear);

        Assert.Equal(0, labels[0]);
        Assert.Equal(steps, labels[^1]);
        Assert.True(labels.Zip(labels.Skip(1)).All(pair => pair.First < pair.Second));
        Assert.True(labels.Count <= log + linear + 2);
    }

    private static void Train(string folder, int workers, bool resume, int? stopAt, string fingerprint = "one")
    {
        Directory.CreateDirectory(folder);
        string reference = ReferenceData.Training("2-attention-shortformer");
        using NetworkFixture network = new(Path.Combine(reference, "model"), NetworkFixture.Widest, workers);
        using TokenRows rows = TokenRows.Load(Path.Combine(reference, "tokens.npy"));
        TrainingOptions options = new()
        {
            Steps = 20,
            BatchSize = 3,
            LogCheckpoints = 3,
            LinearCheckpoints = 2,
        };
        TrainingInputs inputs = new()
        {
            Initial = network.Parameters,
            Rows = rows,
            Validation = rows,
            Fingerprint = fingerprint,
        };
        using CancellationTokenSource stop = new();
        StopAt progress = new(stopAt, stop);
        try
        {
            new TrainingRun(inputs, options, network.Machine).Run(folder, resume, progress, stop.Token);
        }
        catch (OperationCanceledException) when (stopAt is not null)
        {
            // The run was asked to stop.
        }
    }

    private sealed class StopAt(int? step, CancellationTokenSource stop) : IProgress<TrainingProgress>
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
