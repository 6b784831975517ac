using Curie.Numerics;

namespace Curie.Networks.Regression;

/// <summary>
/// How a regression transformer is trained: Adam without weight decay on fresh sequences, with the one-cycle schedule; defaults as
/// published.
/// </summary>
public sealed record RegressionTrainingOptions
{
    /// <summary>The number of updates. Default 500,000.</summary>
    public int Steps { get; init; } = 500_000;

    /// <summary>The seed of initial weights and sequences. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Sequences per update. Default 256.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>The peak of the learning rate. Default 0.003.</summary>
    public double LearningRate { get; init; } = 0.003;

    /// <summary>Decay of Adam's first moment. Default 0.9.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of Adam's second moment. Default 0.999.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to Adam's denominator. Default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Checkpoints at logarithmic spacing. Default 100.</summary>
    public int LogCheckpoints { get; init; } = 100;

    /// <summary>Checkpoints at linear spacing. Default 100.</summary>
    public int LinearCheckpoints { get; init; } = 100;

    /// <summary>Held-out sequences whose loss is measured at every checkpoint. Default 1,024.</summary>
    public int ValidationSequences { get; init; } = 1024;

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
        Require(LogCheckpoints >= 0, "checkpoints.log", LogCheckpoints, "at least 0");
        Require(LinearCheckpoints >= 0, "checkpoints.linear", LinearCheckpoints, "at least 0");
        Require(ValidationSequences >= 1, "validation_sequences", ValidationSequences, "at least 1");

        static void Require(bool holds, string key, object value, string allowed)
        {
            if (!holds)
            {
                throw new InputException(FormattableString.Invariant($"training: {key} is {value}; it must be {allowed}."));
            }
        }
    }
}
