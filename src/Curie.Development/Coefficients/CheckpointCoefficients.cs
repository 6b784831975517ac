using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;
using Curie.Sampling.Shards;

namespace Curie.Development.Coefficients;

/// <summary>
/// The refined learning coefficients of a network over training: each measurement is a <see cref="LearningCoefficientExperiment"/> of one
/// checkpoint whose posterior, minibatches and loss rows are all of one data set, so it has the bits of that experiment alone.
/// </summary>
public sealed class CheckpointCoefficients : ICoefficientSource, IDisposable
{
    private readonly Func<string, ParameterSet> _load;
    private readonly Func<ParameterSet, int, CoefficientInputs> _inputs;
    private readonly Func<Checkpoint, int, string> _digest;
    private readonly Machine _machine;
    private readonly TransformerConfig _config;
    private readonly string?[] _digests;
    private ParameterSet? _model;
    private int _loaded = -1;

    /// <summary>Prepares measurements and reads the first checkpoint.</summary>
    /// <param name="checkpoints">At least one.</param>
    /// <param name="data">The names of the data sets: at least one, all different.</param>
    /// <param name="load">Reads the model in a folder.</param>
    /// <param name="inputs">The measurement of a model on a data set, by its place among the names.</param>
    /// <param name="digest">The digest of a measurement.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <exception cref="InputException">The first checkpoint cannot be read, a setting is out of range, or the measurement does not fit
    /// into the memory allowed.</exception>
    public CheckpointCoefficients(
        IReadOnlyList<Checkpoint> checkpoints,
        IReadOnlyList<string> data,
        Func<string, ParameterSet> load,
        Func<ParameterSet, int, CoefficientInputs> inputs,
        Func<Checkpoint, int, string> digest,
        Machine machine
    )
    {
        ArgumentNullException.ThrowIfNull(checkpoints);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(load);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(digest);
        Checkpoints = checkpoints;
        Data = data;
        _load = load;
        _inputs = inputs;
        _digest = digest;
        _machine = machine;
        _digests = new string?[checkpoints.Count * data.Count];
        ParameterSet first = Model(0);
        _config = first.Layout.Config;
        LearningCoefficientExperiment experiment = new(inputs(first, 0), machine);
        (Components, Evaluations, Plan) = (experiment.Components, experiment.Evaluations, experiment.Plan);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Checkpoint> Checkpoints { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Data { get; }

    /// <summary>The number of components of every measurement.</summary>
    public int Components { get; }

    /// <inheritdoc cref="LearningCoefficientExperiment.Plan"/>
    public SamplingPlan? Plan { get; }

    /// <inheritdoc cref="LearningCoefficientExperiment.Evaluations"/>
    public long Evaluations { get; }

    /// <inheritdoc/>
    public string Digest(int checkpoint, int data) => _digests[(checkpoint * Data.Count) + data] ??= _digest(Checkpoints[checkpoint], data);

    /// <inheritdoc/>
    public IReadOnlyList<ComponentCoefficient> Measure(
        int checkpoint,
        int data,
        IProgress<SamplingProgress>? progress,
        CancellationToken cancellation
    )
    {
        LearningCoefficientExperiment experiment = Experiment(checkpoint, data);
        try
        {
            return experiment.Run(progress, cancellation);
        }
        catch (InitialLossException diverged)
        {
            // One checkpoint that diverged must not cost the others.
            return experiment.OfDiverged(diverged.Loss);
        }
    }

    /// <summary>
    /// The measurement of a checkpoint on a data set, or parts of it; the checkpoint stays loaded until the next is asked for.
    /// </summary>
    /// <param name="checkpoint">The checkpoint's place.</param>
    /// <param name="data">The data set's.</param>
    /// <param name="parts">Gives what is sampled of the model, of a shard; null for everything.</param>
    /// <exception cref="InputException">The checkpoint cannot be read or does not fit.</exception>
    public LearningCoefficientExperiment Experiment(int checkpoint, int data, Func<ComponentParser, IReadOnlyList<ShardPart>>? parts = null)
    {
        ParameterSet model = Model(checkpoint);
        if (model.Layout.Config != _config)
        {
            throw new InputException(
                $"{Checkpoints[checkpoint].Folder} has another architecture{(_config.Task is null ? "" : " or task")} than "
                    + $"{Checkpoints[0].Folder}; give checkpoints of one training run."
            );
        }

        return new LearningCoefficientExperiment(_inputs(model, data), _machine, parts?.Invoke(new ComponentParser(model.Layout)));
    }

    /// <inheritdoc/>
    public void Dispose() => _model?.Dispose();

    private ParameterSet Model(int checkpoint)
    {
        if (_loaded != checkpoint)
        {
            _model?.Dispose();
            _model = _load(Checkpoints[checkpoint].Folder);
            _loaded = checkpoint;
        }

        return _model!;
    }
}
