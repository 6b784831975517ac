using Curie.Networks.Training;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;

namespace Curie.Networks.Regression;

/// <summary>
/// Trains a regression transformer into a run folder like that of <see cref="TrainingRun"/>: <c>train.csv</c>, <c>validation.csv</c> (mean
/// squared error on
/// held-out sequences), <c>checkpoint-N</c> and <c>resume.safetensors</c>.
/// </summary>
public sealed class RegressionTrainingRun
{
    private readonly RegressionTask _task;
    private readonly RegressionArchitecture _architecture;
    private readonly RegressionTrainingOptions _options;
    private readonly string _fingerprint;
    private readonly Machine _machine;

    /// <summary>A run that has not started.</summary>
    /// <param name="task">What is learned.</param>
    /// <param name="architecture">What learns it.</param>
    /// <param name="options">How.</param>
    /// <param name="fingerprint">Identifies all three, so that a run is not continued with others.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <exception cref="Numerics.InputException">A value is out of range.</exception>
    public RegressionTrainingRun(
        RegressionTask task,
        RegressionArchitecture architecture,
        RegressionTrainingOptions options,
        string fingerprint,
        Machine machine
    )
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        architecture.Shape(task);
        _task = task;
        _architecture = architecture;
        _options = options;
        _fingerprint = fingerprint;
        _machine = machine;
    }

    /// <summary>Trains from random weights, or from the saved state where there is one and <paramref name="resume"/> asks for it.</summary>
    /// <param name="folder">The run folder; it exists.</param>
    /// <param name="resume">Continue what is there.</param>
    /// <param name="progress">Told after every step; its tokens are sequences.</param>
    /// <param name="cancellation">Stops after the current step, with the state saved.</param>
    /// <exception cref="Numerics.InputException">A file cannot be written, or the saved state is another run's.</exception>
    /// <exception cref="Numerics.DivergenceException">The loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public void Run(string folder, bool resume, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        using RegressionModel model = new(_task, _architecture);
        RegressionInitialization.Fill(model, _options.Seed);
        using TrainingState state = new(model.Parameters);
        TrainingLoop loop = new(state, _options.Steps, _options.LogCheckpoints, _options.LinearCheckpoints, _fingerprint);
        loop.Restore(folder, resume);
        using RegressionGenerator generator = new(_task, _machine.Kernels);
        using RegressionEvaluator evaluator = new(model, _machine);
        using RegressionTrainer trainer = new(model, state, _options, evaluator, generator);
        using RegressionBatch held = new(_task, _options.ValidationSequences);
        generator.Fill(held, RegressionSequences.Evaluation(_options.Seed), 0, RegressionScale.Training, _machine.Pool);
        loop.Run(
            folder,
            _options.BatchSize,
            trainer.Step,
            path => RegressionFolder.Save(path, model),
            () => evaluator.Loss(trainer.Weights, held),
            progress,
            cancellation
        );
    }
}
