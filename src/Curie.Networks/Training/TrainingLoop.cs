using Curie.Networks.Models;

namespace Curie.Networks.Training;

/// <summary>
/// What every training run does around its steps: the log of losses, checkpoints with their validation loss, and a saved state from which a
/// run that was
/// stopped or killed continues bit for bit.
/// </summary>
internal sealed class TrainingLoop
{
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(20);
    private readonly TrainingState _state;
    private readonly int _steps;
    private readonly HashSet<int> _checkpoints;
    private readonly string _fingerprint;

    /// <summary>A loop over the updates that a state has still to make.</summary>
    /// <param name="state">The state, which steps change.</param>
    /// <param name="steps">Updates in all.</param>
    /// <param name="log">Checkpoints at logarithmic spacing.</param>
    /// <param name="linear">Checkpoints at linear spacing.</param>
    /// <param name="fingerprint">Identifies the run.</param>
    public TrainingLoop(TrainingState state, int steps, int log, int linear, string fingerprint)
    {
        _state = state;
        _steps = steps;
        _checkpoints = [.. CheckpointSchedule.Steps(steps, log, linear)];
        _fingerprint = fingerprint;
    }

    /// <summary>
    /// Takes the saved state, where there is one and <paramref name="resume"/> asks for it; before anything reads the state.
    /// </summary>
    /// <exception cref="Numerics.InputException">The saved state is damaged or another run's.</exception>
    public void Restore(string folder, bool resume)
    {
        string path = Path.Combine(folder, TrainingRun.StateName);
        if (resume && File.Exists(path))
        {
            TrainingStateFile.Restore(path, _state, _fingerprint);
        }
    }

    /// <summary>Makes the remaining updates.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="tokens">Predictions of one step, for progress.</param>
    /// <param name="step">Makes one update and returns the loss before it.</param>
    /// <param name="save">Writes a model folder.</param>
    /// <param name="validate">The loss on fixed data at a checkpoint; null for none.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Stops after the current step, with the state saved.</param>
    /// <exception cref="Numerics.InputException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public void Run(
        string folder,
        long tokens,
        Func<double> step,
        Action<string> save,
        Func<double>? validate,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellation
    )
    {
        using LossLog log = new(Path.Combine(folder, "train.csv"), _state.Step);
        using LossLog? validation = validate is null
            ? null
            : new LossLog(Path.Combine(folder, "validation.csv"), _state.Step == 0 ? 0 : _state.Step + 1);
        DateTime saved = DateTime.UtcNow;

        void Save()
        {
            log.Flush();
            validation?.Flush();
            TrainingStateFile.Save(Path.Combine(folder, TrainingRun.StateName), _state, _fingerprint);
            saved = DateTime.UtcNow;
        }

        double? Checkpoint()
        {
            save(TrainingRun.CheckpointFolder(folder, _state.Step));
            double? loss = validate?.Invoke();
            validation?.Write(_state.Step, loss!.Value);
            return loss;
        }

        if (_state.Step == 0)
        {
            Checkpoint();
        }

        while (_state.Step < _steps)
        {
            if (cancellation.IsCancellationRequested)
            {
                Save();
                cancellation.ThrowIfCancellationRequested();
            }

            double loss = step();
            log.Write(_state.Step - 1, loss);
            double? validationLoss = _checkpoints.Contains(_state.Step) ? Checkpoint() : null;
            if (_state.Step == _steps || DateTime.UtcNow - saved > SaveInterval)
            {
                Save();
            }

            progress?.Report(new TrainingProgress(_state.Step, _steps, loss, tokens, validationLoss));
        }
    }
}
