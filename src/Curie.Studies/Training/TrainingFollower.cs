using System.Globalization;
using Curie.Networks.Training;
using Curie.Studies.Progress;

namespace Curie.Studies.Training;

/// <summary>Passes a training run's progress on; called on the training thread, so that nothing is shown late.</summary>
internal sealed class TrainingFollower(WorkCounter counter) : IProgress<TrainingProgress>
{
    /// <summary>The last minibatch loss; NaN where nothing was left to train.</summary>
    public double Loss { get; private set; } = double.NaN;

    /// <summary>The last validation loss; null where there was none.</summary>
    public double? Validation { get; private set; }

    public void Report(TrainingProgress value)
    {
        counter.SetTotal((double)value.Steps * value.Tokens, alreadyDone: (value.Step - 1.0) * value.Tokens);
        counter.Advance(
            value.Tokens,
            string.Create(CultureInfo.InvariantCulture, $"step {value.Step} of {value.Steps}, loss {value.Loss:F4}")
        );
        Loss = value.Loss;
        Validation = value.ValidationLoss ?? Validation;
    }
}
