using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Networks.Training;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;

namespace Curie.Networks.Regression;

/// <summary>What the training of a regression transformer reads: random weights, and fresh sequences of its task.</summary>
public sealed class RegressionTrainingInputs : ITrainingInputs, IDisposable
{
    private readonly RegressionGenerator _generator;

    /// <summary>Draws initial weights.</summary>
    /// <param name="task">What is learned.</param>
    /// <param name="architecture">What learns it.</param>
    /// <param name="seed">The seed of the initial weights.</param>
    /// <param name="fingerprint">Identifies everything that decides the run.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <exception cref="Numerics.InputException">A value is out of range.</exception>
    public RegressionTrainingInputs(
        RegressionTask task,
        RegressionArchitecture architecture,
        long seed,
        string fingerprint,
        Kernels kernels
    )
    {
        ArgumentNullException.ThrowIfNull(architecture);
        Initial = architecture.CreateModel(task);
        RegressionInitialization.Fill(Initial, seed);
        _generator = new RegressionGenerator(task, kernels);
        Fingerprint = fingerprint;
    }

    /// <inheritdoc/>
    public ParameterSet Initial { get; }

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <summary>Null: there is no text.</summary>
    public string? Tokenizer => null;

    /// <summary>Held-out sequences whose loss is measured at every checkpoint. Default 1,024.</summary>
    public int ValidationSequences { get; init; } = DefaultValidationSequences;

    /// <summary>The default of <see cref="ValidationSequences"/>.</summary>
    public const int DefaultValidationSequences = 1024;

    /// <summary>1: a sequence counts as one.</summary>
    public int ProgressPerRow => 1;

    /// <inheritdoc/>
    public IMinibatches Minibatches(TrainingOptions options, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(machine);
        return new RegressionMinibatches(_generator, RegressionSequences.Training(options.Seed), options.BatchSize, machine.Pool);
    }

    /// <inheritdoc/>
    public IBatch HeldOut(TrainingOptions options, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(machine);
        RegressionBatch batch = new(_generator.Task, ValidationSequences);
        _generator.Fill(batch, RegressionSequences.Evaluation(options.Seed), 0, RegressionScale.Training, machine.Pool);
        return batch;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Initial.Dispose();
        _generator.Dispose();
    }
}
