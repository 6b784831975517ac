using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Passes;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

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

    private readonly TrainingInputs _inputs;
    private readonly TrainingOptions _options;
    private readonly Machine _machine;

    /// <summary>A run that has not started.</summary>
    public TrainingRun(TrainingInputs inputs, TrainingOptions options, Machine machine)
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
        TrainingLoop loop = new(state, _options.Steps, _options.LogCheckpoints, _options.LinearCheckpoints, _inputs.Fingerprint);
        loop.Restore(folder, resume);
        using TransformerEvaluator evaluator = new(_inputs.Initial.Layout.Config, _machine);
        using Trainer trainer = new(state, _inputs.Rows, _options, evaluator);
        long tokens = (long)_options.BatchSize * (_inputs.Rows.ContextLength - 1);
        Func<double>? validate = _inputs.Validation is { } rows
            ? () => evaluator.MeanLoss(trainer.Weights, rows, _inputs.ValidationRows)
            : null;
        loop.Run(
            folder,
            tokens,
            trainer.Step,
            path => ModelFolder.Save(path, state.Parameters, _inputs.Tokenizer),
            validate,
            progress,
            cancellation
        );
    }
}
