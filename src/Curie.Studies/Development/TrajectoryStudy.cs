using Curie.Development.Trajectories;
using Curie.Networks.Architecture;
using Curie.Networks.Data;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Regression;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Studies.Progress;
using Curie.Text.Packing;

namespace Curie.Studies.Development;

/// <summary>
/// Outputs on fixed inputs at every checkpoint of a training run, and their essential dynamics: logits of true next tokens, or the
/// predictions of a regression transformer.
/// </summary>
public sealed class TrajectoryStudy : IDisposable
{
    /// <summary>How many outputs are followed unless told otherwise, as in the published work.</summary>
    public const int DefaultOutputs = 10_000;

    private readonly List<IDisposable> _owned = [];
    private readonly IReadOnlyList<Checkpoint> _checkpoints;
    private readonly EssentialDynamicsOptions _options;
    private readonly Func<Checkpoint, double[]> _outputs;

    /// <summary>Finds the checkpoints and chooses the outputs.</summary>
    /// <param name="run">The training run.</param>
    /// <param name="data">The token rows; null for a regression transformer, which makes its own sequences.</param>
    /// <param name="outputs">The most outputs.</param>
    /// <param name="threads">How many threads; 0 for all cores.</param>
    /// <param name="seed">The seed of the choice of outputs.</param>
    /// <param name="options">How the trajectory is looked at.</param>
    /// <exception cref="InputException">There are too few checkpoints or outputs, or the rows do not fit the model.</exception>
    public TrajectoryStudy(string run, string? data, int outputs, int threads, long seed, EssentialDynamicsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (outputs < options.Components)
        {
            throw new InputException($"{outputs} outputs are too few: {options.Components} or more are needed, one for each component.");
        }

        _options = options;
        _checkpoints = CheckpointSelection.Find([run]);
        if (_checkpoints.Count < EssentialDynamics.FewestCheckpoints)
        {
            throw new InputException(
                $"{run} has {Counted.Of(_checkpoints.Count, "checkpoint")} and essential dynamics needs at least "
                    + $"{EssentialDynamics.FewestCheckpoints}; keep more in training."
            );
        }

        try
        {
            Machine machine = Own(Machine.Create(threads));
            _outputs = RegressionFolder.IsRegression(_checkpoints[0].Folder)
                ? Predictions(outputs, seed, machine)
                : Logits(
                    data ?? throw new InputException($"{run} holds models of language, whose logits are those of token rows; give some."),
                    outputs,
                    seed,
                    machine
                );
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What is about to be done, in words.</summary>
    public string Description { get; private set; } = "";

    /// <summary>Computes the outputs and their dynamics.</summary>
    /// <param name="progress">Told after every checkpoint.</param>
    /// <param name="cancellation">Stops between two checkpoints.</param>
    /// <exception cref="InputException">A checkpoint cannot be read, or differs in architecture.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public EssentialDynamics Run(IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default)
    {
        WorkCounter counter = new(progress, "evaluating", "checkpoints", _checkpoints.Count);
        List<double[]> followed = [];
        foreach (Checkpoint checkpoint in _checkpoints)
        {
            cancellation.ThrowIfCancellationRequested();
            followed.Add(_outputs(checkpoint));
            counter.Advance(1);
        }

        return EssentialDynamics.Of([.. _checkpoints.Select(checkpoint => (double)checkpoint.Step)], [.. followed], _options);
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(owned => owned.Dispose());

    private Func<Checkpoint, double[]> Logits(string data, int outputs, long seed, Machine machine)
    {
        TransformerConfig config = ModelReader.LoadConfig(_checkpoints[0].Folder);
        TokenRows rows = Own(ModelRows.Load(data, config));
        TargetLogits logits = new(rows, outputs, seed);
        Description =
            $"Computing {Counted.Of(logits.Count, "logit")} of true next tokens at {Counted.Of(_checkpoints.Count, "checkpoint")}.";
        return checkpoint =>
        {
            using ParameterSet parameters = ModelReader.Load(checkpoint.Folder);
            if (parameters.Layout.Config != config)
            {
                throw new InputException(
                    $"{checkpoint.Folder} has another architecture than the first checkpoint; give the folder of one training run."
                );
            }

            using TransformerWeights weights = new(parameters, machine);
            return logits.Of(weights, machine);
        };
    }

    private Func<Checkpoint, double[]> Predictions(int outputs, long seed, Machine machine)
    {
        ParameterSet first = Own(RegressionFolder.Load(_checkpoints[0].Folder));
        RegressionPredictions predictions = Own(new RegressionPredictions(first, outputs, seed, machine));
        Description = $"Computing {Counted.Of(predictions.Count, "prediction")} at {Counted.Of(_checkpoints.Count, "checkpoint")}.";
        return checkpoint =>
        {
            using ParameterSet model = RegressionFolder.Load(checkpoint.Folder);
            return predictions.Of(model);
        };
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
