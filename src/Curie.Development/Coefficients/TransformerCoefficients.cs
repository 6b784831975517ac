using Curie.Networks.Architecture;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;

namespace Curie.Development.Coefficients;

/// <summary>
/// The refined learning coefficients of a transformer over training: each measurement is a <see cref="LearningCoefficientExperiment"/> of
/// one checkpoint whose posterior, minibatches and loss rows are all of one data set, so it has the bits of that experiment alone.
/// </summary>
public sealed class TransformerCoefficients : ICoefficientSource, IDisposable
{
    private readonly IReadOnlyList<NamedRows> _data;
    private readonly Func<ParameterSet, NamedRows, LearningCoefficientInputs> _inputs;
    private readonly Func<Checkpoint, NamedRows, string> _digest;
    private readonly Machine _machine;
    private readonly TransformerConfig _config;
    private readonly string?[] _digests;
    private ParameterSet? _model;
    private int _loaded = -1;

    /// <summary>Prepares measurements and reads the first checkpoint.</summary>
    /// <param name="checkpoints">At least one.</param>
    /// <param name="data">At least one, with different names.</param>
    /// <param name="inputs">The measurement of a model on a data set.</param>
    /// <param name="digest">The digest of a measurement.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <exception cref="InputException">The first checkpoint cannot be read, or the measurement does not fit into the memory
    /// allowed.</exception>
    public TransformerCoefficients(
        IReadOnlyList<Checkpoint> checkpoints,
        IReadOnlyList<NamedRows> data,
        Func<ParameterSet, NamedRows, LearningCoefficientInputs> inputs,
        Func<Checkpoint, NamedRows, string> digest,
        Machine machine
    )
    {
        ArgumentNullException.ThrowIfNull(checkpoints);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(inputs);
        Checkpoints = checkpoints;
        _data = data;
        _inputs = inputs;
        _digest = digest;
        _machine = machine;
        _digests = new string?[checkpoints.Count * data.Count];
        ParameterSet first = Model(0);
        _config = first.Layout.Config;
        LearningCoefficientExperiment experiment = new(inputs(first, data[0]), machine);
        Plan = experiment.Plan;
        TokenEvaluations = experiment.TokenEvaluations;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Checkpoint> Checkpoints { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Data => [.. _data.Select(rows => rows.Name)];

    /// <summary>Which components are sampled together in each measurement, and what one costs.</summary>
    public SamplingPlan Plan { get; }

    /// <summary>The tokens evaluated in one measurement.</summary>
    public long TokenEvaluations { get; }

    /// <inheritdoc/>
    public string Digest(int checkpoint, int data) =>
        _digests[(checkpoint * _data.Count) + data] ??= _digest(Checkpoints[checkpoint], _data[data]);

    /// <inheritdoc/>
    public IReadOnlyList<ComponentCoefficient> Measure(
        int checkpoint,
        int data,
        IProgress<SamplingProgress>? progress,
        CancellationToken cancellation
    )
    {
        ParameterSet model = Model(checkpoint);
        if (model.Layout.Config != _config)
        {
            throw new InputException(
                $"{Checkpoints[checkpoint].Folder} has another architecture than {Checkpoints[0].Folder}; give checkpoints of one "
                    + "training run."
            );
        }

        return new LearningCoefficientExperiment(_inputs(model, _data[data]), _machine).Run(progress, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _model?.Dispose();

    private ParameterSet Model(int checkpoint)
    {
        if (_loaded != checkpoint)
        {
            _model?.Dispose();
            _model = ModelReader.Load(Checkpoints[checkpoint].Folder);
            _loaded = checkpoint;
        }

        return _model!;
    }
}
