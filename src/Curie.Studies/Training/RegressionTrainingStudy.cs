using Curie.Networks.Regression;
using Curie.Networks.Training;
using Curie.Numerics.Parallelism;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;
using Curie.Studies.Progress;

namespace Curie.Studies.Training;

/// <summary>The training of a regression transformer as a configuration says.</summary>
public sealed class RegressionTrainingStudy(RegressionConfiguration configuration)
{
    /// <summary>Opens the configuration's folder, enters its files in the ledger, and says there what is trained.</summary>
    /// <exception cref="Numerics.InputException">The folder holds a run and is not to be continued or replaced, or cannot be
    /// written.</exception>
    public OutputFolder Open(ExistingRun existing) =>
        TrainingFolder.Open(
            configuration.Out,
            existing,
            configuration.Options,
            tokenizer: null,
            "regression-training",
            configuration.ToJson(),
            inputs: []
        );

    /// <summary>Trains, or continues what is in the folder.</summary>
    /// <param name="folder">What <see cref="Open"/> gave.</param>
    /// <param name="threads">Threads; 0 for all cores.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Stops; the state is kept in the folder.</param>
    /// <returns>The last validation loss; null where nothing was left to train.</returns>
    /// <exception cref="Numerics.InputException">A setting is out of range, or a file cannot be written.</exception>
    /// <exception cref="Numerics.DivergenceException">The loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; the state is saved.</exception>
    public double? Run(
        OutputFolder folder,
        int threads = 0,
        IProgress<StudyProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(folder);
        using Machine machine = Machine.Create(threads);
        string fingerprint = RunFingerprint.Of((configuration with { Out = "" }).ToJson(), []);
        using RegressionTrainingInputs inputs = new(
            configuration.Task,
            configuration.Architecture,
            configuration.Options.Seed,
            fingerprint,
            machine.Kernels
        )
        {
            ValidationSequences = configuration.ValidationSequences,
        };
        TrainingRun run = new(inputs, configuration.Options, machine);
        TrainingFollower follower = new(new WorkCounter(progress, "training", "sequences"));
        run.Run(folder.Path, folder.IsResumed, follower, cancellation);
        return follower.Validation;
    }
}
