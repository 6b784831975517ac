using Curie.Networks.Files;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Networks.Training;

/// <summary>
/// Trains a model into a run folder: <c>train.csv</c> (the loss before each update), <c>validation.csv</c> (at every checkpoint),
/// <c>checkpoint-N</c> model folders labelled by the number of updates made, and <c>resume.safetensors</c>, from which a run that was stopped or
/// killed continues bit for bit.
/// </summary>
public sealed class TrainingRun
{
    /// <summary>The file a stopped run continues from.</summary>
    public const string StateName = "resume.safetensors";

    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(20);
    private readonly TrainingInputs _inputs;
    private readonly TrainingOptions _options;
    private readonly Kernels _kernels;
    private readonly WorkerPool _pool;

    /// <summary>A run that has not started.</summary>
    public TrainingRun(TrainingInputs inputs, TrainingOptions options, Kernels kernels, WorkerPool pool)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _inputs = inputs;
        _options = options;
        _kernels = kernels;
        _pool = pool;
    }

    /// <summary>The model folder of a checkpoint.</summary>
    public static string CheckpointFolder(string folder, int step) => Path.Combine(folder, $"checkpoint-{step}");

    /// <summary>Trains from the initial weights, or from the saved state where there is one and <paramref name="resume"/> asks for it.</summary>
    /// <param name="folder">The run folder; it exists.</param>
    /// <param name="resume">Continue from <see cref="StateName"/> if it is there.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Stops after the current step, with the state saved.</param>
    /// <exception cref="Numerics.InputException">A file cannot be written, the saved state is another run's, or the loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public void Run(string folder, bool resume, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        string stateFile = Path.Combine(folder, StateName);
        using TrainingState state = new(_inputs.Initial.Clone());
        if (resume && File.Exists(stateFile))
        {
            TrainingStateFile.Restore(stateFile, state, _inputs.Fingerprint);
        }

        using TransformerEvaluator evaluator = new(_inputs.Initial.Layout.Config, _kernels, _pool);
        using Trainer trainer = new(state, _inputs.Rows, _options, evaluator, _kernels, _pool);
        using LossLog log = new(Path.Combine(folder, "train.csv"), state.Step);
        using LossLog? validation = _inputs.Validation is null ? null : new LossLog(Path.Combine(folder, "validation.csv"), state.Step == 0 ? 0 : state.Step + 1);
        HashSet<int> checkpoints = [.. CheckpointSchedule.Steps(_options.Steps, _options.LogCheckpoints, _options.LinearCheckpoints)];
        long tokens = (long)_options.BatchSize * (_inputs.Rows.ContextLength - 1);
        DateTime saved = DateTime.UtcNow;

        void Save()
        {
            log.Flush();
            validation?.Flush();
            TrainingStateFile.Save(stateFile, state, _inputs.Fingerprint);
            saved = DateTime.UtcNow;
        }

        if (state.Step == 0)
        {
            Checkpoint(folder, state, trainer, validation);
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
            double? validationLoss = checkpoints.Contains(state.Step) ? Checkpoint(folder, state, trainer, validation) : null;
            if (state.Step == _options.Steps || DateTime.UtcNow - saved > SaveInterval)
            {
                Save();
            }

            progress?.Report(new TrainingProgress(state.Step, _options.Steps, loss, tokens, validationLoss));
        }
    }

    private double? Checkpoint(string folder, TrainingState state, Trainer trainer, LossLog? log)
    {
        ModelFolder.Save(CheckpointFolder(folder, state.Step), state.Parameters, _inputs.Tokenizer);
        if (log is null)
        {
            return null;
        }

        double loss = trainer.Evaluator.MeanLoss(trainer.Weights, _inputs.Validation!, _inputs.ValidationRows);
        log.Write(state.Step, loss);
        return loss;
    }
}
