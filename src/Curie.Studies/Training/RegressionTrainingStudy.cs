using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Regression;
using Curie.Networks.Training;
using Curie.Numerics.Files;
using Curie.Numerics.Parallelism;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;
using Curie.Studies.Progress;

namespace Curie.Studies.Training;

/// <summary>The training of a regression transformer as a configuration says.</summary>
public sealed class RegressionTrainingStudy(RegressionConfiguration configuration)
{
    private const string ManifestName = "manifest.json";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Opens the configuration's folder, enters its files in the ledger, and says there what is trained.</summary>
    /// <exception cref="Numerics.InputException">The folder holds a run and is not to be continued or replaced, or cannot be
    /// written.</exception>
    public OutputFolder Open(ExistingRun existing)
    {
        RegressionTrainingOptions options = configuration.Options;
        OutputFolder folder = OutputFolder.Open(configuration.Out, existing);
        folder.Enter(["train.csv", "validation.csv", TrainingRun.StateName]);
        folder.Enter(
            CheckpointSchedule
                .Steps(options.Steps, options.LogCheckpoints, options.LinearCheckpoints)
                .SelectMany(step =>
                    new[] { ModelFolder.ConfigName, ModelFolder.WeightsName }.Select(name =>
                        Path.Combine(TrainingRun.CheckpointFolder("", step), name)
                    )
                )
        );
        AtomicFile.WriteAllText(folder.FilePath(ManifestName), Manifest(configuration).ToJsonString(Indented) + "\n");
        return folder;
    }

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
        RegressionTrainingRun run = new(configuration.Task, configuration.Architecture, configuration.Options, fingerprint, machine);
        Follower follower = new(new WorkCounter(progress, "training", "sequences"));
        run.Run(folder.Path, folder.IsResumed, follower, cancellation);
        return follower.Validation;
    }

    private static JsonObject Manifest(RegressionConfiguration configuration) =>
        new()
        {
            ["kind"] = "regression-training",
            ["curie"] = typeof(RegressionTrainingStudy).Assembly.GetName().Version!.ToString(3),
            ["configuration"] = configuration.ToJson(),
        };

    /// <summary>Passes the run's progress on; called on the training thread, so that nothing is shown late.</summary>
    private sealed class Follower(WorkCounter counter) : IProgress<TrainingProgress>
    {
        /// <summary>The last validation loss; null where nothing was left to train.</summary>
        public double? Validation { get; private set; }

        public void Report(TrainingProgress value)
        {
            counter.SetTotal((double)value.Steps * value.Tokens, alreadyDone: (value.Step - 1.0) * value.Tokens);
            counter.Advance(
                value.Tokens,
                string.Create(CultureInfo.InvariantCulture, $"step {value.Step} of {value.Steps}, loss {value.Loss:F4}")
            );
            Validation = value.ValidationLoss ?? Validation;
        }
    }
}
