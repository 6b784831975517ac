using Curie.Development.Coefficients;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Regression;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;
using Curie.Sampling.Regression;

namespace Curie.Development.Regression;

/// <summary>
/// The learning coefficients of a regression transformer over training: each measurement is a <see cref="RegressionCoefficientExperiment"/>
/// of one checkpoint
/// on sequences of its own task, and has the bits of that experiment alone.
/// </summary>
public sealed class RegressionCoefficients : ICoefficientSource
{
    /// <summary>What stands for the data of a regression transformer.</summary>
    public const string DataName = "task";

    private readonly Func<RegressionModel, RegressionCoefficientInputs> _inputs;
    private readonly Func<Checkpoint, string> _digest;
    private readonly Machine _machine;
    private readonly RegressionTask _task;
    private readonly RegressionArchitecture _architecture;

    /// <summary>Prepares measurements and looks at the first checkpoint.</summary>
    /// <param name="checkpoints">At least one.</param>
    /// <param name="inputs">The measurement of a model.</param>
    /// <param name="digest">The digest of a checkpoint's measurement.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <exception cref="InputException">The first checkpoint cannot be read, or a setting is out of range.</exception>
    public RegressionCoefficients(
        IReadOnlyList<Checkpoint> checkpoints,
        Func<RegressionModel, RegressionCoefficientInputs> inputs,
        Func<Checkpoint, string> digest,
        Machine machine
    )
    {
        ArgumentNullException.ThrowIfNull(checkpoints);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(digest);
        Checkpoints = checkpoints;
        _inputs = inputs;
        _digest = digest;
        _machine = machine;
        using RegressionModel first = RegressionFolder.Load(checkpoints[0].Folder);
        _task = first.Task;
        _architecture = first.Architecture;
        RegressionCoefficientInputs measurement = inputs(first);
        SequenceEvaluations = new RegressionCoefficientExperiment(measurement, machine).SequenceEvaluations;
        Components = [.. measurement.Components.Select(component => component.Name)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Checkpoint> Checkpoints { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Data { get; } = [DataName];

    /// <summary>The components of every measurement.</summary>
    public IReadOnlyList<string> Components { get; }

    /// <summary>The sequences evaluated in one measurement.</summary>
    public long SequenceEvaluations { get; }

    /// <inheritdoc/>
    public string Digest(int checkpoint, int data) => _digest(Checkpoints[checkpoint]);

    /// <inheritdoc/>
    public IReadOnlyList<ComponentCoefficient> Measure(
        int checkpoint,
        int data,
        IProgress<SamplingProgress>? progress,
        CancellationToken cancellation
    )
    {
        using RegressionModel model = RegressionFolder.Load(Checkpoints[checkpoint].Folder);
        return model.Task == _task && model.Architecture == _architecture
            ? new RegressionCoefficientExperiment(_inputs(model), _machine).Run(progress, cancellation)
            : throw new InputException(
                $"{Checkpoints[checkpoint].Folder} is of another task or shape than {Checkpoints[0].Folder}; give checkpoints of one "
                    + "training run."
            );
    }
}
