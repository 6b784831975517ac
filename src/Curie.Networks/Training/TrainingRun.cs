using System.Diagnostics;
using Curie.Networks.Data;
using Curie.Networks.Models;
using Curie.Networks.Passes;
using Curie.Numerics;
using Curie.Numerics.Parallelism;

namespace Curie.Networks.Training;

/// <summary>
/// Trains a model into a run folder: <c>train.csv</c> (the loss before each update), <c>validation.csv</c> (at every checkpoint),
/// <c>checkpoint-N</c> model folders labelled by the number of updates made, and <c>resume.safetensors</c>, from which a run that was
/// stopped or
/// killed continues bit for bit.
/// </summary>
public sealed class TrainingRun
{
    /// <summary>The file a stopped run continues from.</summary>
    public const string StateName = "resume.safetensors";

    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(20);
    private readonly ITrainingInputs _inputs;
    private readonly TrainingOptions _options;
    private readonly Machine _machine;

    /// <summary>A run that has not started.</summary>
    /// <exception cref="Numerics.InputException">An option is out of range.</exception>
    public TrainingRun(ITrainingInputs inputs, TrainingOptions options, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _inputs = inputs;
        _options = options;
        _machine = machine;
    }

    /// <summary>The model folder of a checkpoint.</summary>
    public static string CheckpointFolder(string folder, int step) => Path.Combine(folder, $"checkpoint-{step}");

    /// <summary>A run that has gone further than is asked for cannot be taken back.</summary>
    private void RequireSteps(TrainingState state, string folder)
    {
        if (state.Step > _options.Steps)
        {
            throw new InputException(
                FormattableString.Invariant(
                    $"{folder} holds a training of {state.Step} steps, more than the {_options.Steps} asked for; give at least as many "
                ) + "steps to continue it, or another folder."
            );
        }
    }

    /// <summary>
    /// Trains from the initial weights, or from the saved state where there is one and <paramref name="resume"/> asks for it.
    /// </summary>
    /// <param name="folder">The run folder; it exists.</param>
    /// <param name="resume">Continue from <see cref="StateName"/> if it is there.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Stops after the current step, with the state saved.</param>
    /// <exception cref="Numerics.InputException">A file cannot be written, or the saved state is another run's.</exception>
    /// <exception cref="Numerics.DivergenceException">The loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public void Run(string folder, bool resume, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        using TrainingState state = new(_inputs.Initial.Clone());
        string statePath = Path.Combine(folder, StateName);
        if (resume && File.Exists(statePath))
        {
            TrainingStateFile.Restore(statePath, state, _inputs.Fingerprint);
            RequireSteps(state, folder);
        }

        using TransformerEvaluator evaluator = new(_inputs.Initial.Layout.Config, _machine);
        using IMinibatches minibatches = _inputs.Minibatches(_options, _machine);
        using Trainer trainer = new(state, minibatches, _options, evaluator);
        using IBatch? heldOut = _inputs.HeldOut(_options, _machine);
        using LossLog log = new(Path.Combine(folder, "train.csv"), state.Step);
        using LossLog? validation = heldOut is null
            ? null
            : new LossLog(Path.Combine(folder, "validation.csv"), state.Step == 0 ? 0 : state.Step + 1);
        HashSet<int> checkpoints = [.. CheckpointSchedule.Steps(_options.Steps, _options.LogCheckpoints, _options.LinearCheckpoints)];
        long counted = (long)_options.BatchSize * _inputs.ProgressPerRow;
        Stopwatch sinceSave = Stopwatch.StartNew();

        void Save()
        {
            log.Flush();
            validation?.Flush();
            TrainingStateFile.Save(statePath, state, _inputs.Fingerprint);
            sinceSave.Restart();
        }

        double? Checkpoint()
        {
            ModelFolder.Save(CheckpointFolder(folder, state.Step), state.Parameters, _inputs.Tokenizer);
            double? loss = heldOut is null ? null : evaluator.MeanLoss(trainer.Weights, heldOut);
            validation?.Write(state.Step, loss!.Value);
            return loss;
        }

        if (state.Step == 0)
        {
            Checkpoint();
        }

        while (state.Step < _options.Steps)
        {
            if (cancellation.IsCancellationRequested)
            {
                Save();
                cancellation.ThrowIfCancellationRequested();
            }

            double loss = trainer.Step();
            log.Write(state.Step - 1, loss);
            double? validationLoss = checkpoints.Contains(state.Step) ? Checkpoint() : null;
            if (state.Step == _options.Steps || sinceSave.Elapsed > SaveInterval)
            {
                Save();
            }

            progress?.Report(new TrainingProgress(state.Step, _options.Steps, loss, counted, validationLoss));
        }
    }
}
