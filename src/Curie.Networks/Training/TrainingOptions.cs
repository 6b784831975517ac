using Curie.Networks.Data;
using Curie.Numerics;

namespace Curie.Networks.Training;

/// <summary>
/// How a transformer is trained: AdamW with decoupled weight decay on every parameter, on the mean loss of minibatches.
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>How the published regression transformer is trained (arXiv 2402.02364): Adam without weight decay, in one cycle.</summary>
    public static TrainingOptions OfRegression { get; } =
        new()
        {
            Steps = 500_000,
            BatchSize = 256,
            LearningRate = 0.003,
            Schedule = LearningRateSchedule.OneCycle,
            WeightDecay = 0,
            LogCheckpoints = 100,
            LinearCheckpoints = 100,
        };

    /// <summary>The number of updates.</summary>
    public required int Steps { get; init; }

    /// <summary>The seed of the row order, or of fresh sequences. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Rows per update. Default 100.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>The order of rows. Default shuffled.</summary>
    public RowOrder Order { get; init; } = RowOrder.Shuffled;

    /// <summary>η. Default 1e-3.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Decay of AdamW's first moment. Default 0.9.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of AdamW's second moment. Default 0.999.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to AdamW's denominator. Default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>λ. Default 0.05.</summary>
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>How the learning rate goes over the updates. Default a warm-up.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Warmup;

    /// <summary>The updates of the warm-up. Default 0: none.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>Checkpoints at logarithmic spacing. Default 50.</summary>
    public int LogCheckpoints { get; init; } = 50;

    /// <summary>Checkpoints at linear spacing. Default 50.</summary>
    public int LinearCheckpoints { get; init; } = 50;

    /// <summary>The learning rate of an update, from 0.</summary>
    public double RateAt(int step) =>
        Schedule == LearningRateSchedule.OneCycle
            ? new OneCycleSchedule(LearningRate, Steps).RateAt(step)
            : LearningRate * (WarmupSteps > 0 ? Math.Min(1, (step + 1.0) / WarmupSteps) : 1);

    /// <summary>Checks every value.</summary>
    /// <exception cref="InputException">A value is out of range.</exception>
    public void Validate()
    {
        Require(Steps >= 1, "steps", Steps, "at least 1");
        Require(BatchSize >= 1, "batch_size", BatchSize, "at least 1");
        Require(double.IsFinite(LearningRate) && LearningRate > 0, "learning_rate", LearningRate, "a positive number");
        Require(Beta1 is >= 0 and < 1, "betas[0]", Beta1, "in [0, 1)");
        Require(Beta2 is >= 0 and < 1, "betas[1]", Beta2, "in [0, 1)");
        Require(double.IsFinite(Epsilon) && Epsilon >= 0, "eps", Epsilon, "a number of at least 0");
        Require(double.IsFinite(WeightDecay) && WeightDecay >= 0, "weight_decay", WeightDecay, "a number of at least 0");
        Require(WarmupSteps >= 0, "warmup_steps", WarmupSteps, "at least 0");
        Require(LogCheckpoints >= 0, "checkpoints.log", LogCheckpoints, "at least 0");
        Require(LinearCheckpoints >= 0, "checkpoints.linear", LinearCheckpoints, "at least 0");

        static void Require(bool holds, string key, object value, string allowed)
        {
            if (!holds)
            {
                throw new InputException(FormattableString.Invariant($"training: {key} is {value}; it must be {allowed}."));
            }
        }
    }
}
