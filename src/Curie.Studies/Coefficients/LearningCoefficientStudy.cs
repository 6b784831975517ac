using Curie.Development.Regression;
using Curie.Networks.Parameters;
using Curie.Networks.Regression;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Networks;
using Curie.Studies.Configuration;
using Curie.Studies.Progress;
using Curie.Studies.Susceptibilities;

namespace Curie.Studies.Coefficients;

/// <summary>The learning coefficients of the components of one model on one data set.</summary>
public sealed class LearningCoefficientStudy : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly LearningCoefficientExperiment? _experiment;
    private readonly RegressionCoefficients? _regression;

    /// <summary>Reads what the configuration names, and plans.</summary>
    /// <param name="configuration">The model, the data, the components and how they are sampled.</param>
    /// <param name="options">Threads and memory.</param>
    /// <exception cref="Numerics.InputException">An input is missing or does not fit.</exception>
    public LearningCoefficientStudy(ExperimentConfiguration configuration, StudyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        options ??= new StudyOptions();
        Machine = Own(Machine.Create(options.Threads ?? configuration.Threads));
        try
        {
            if (RegressionFolder.IsRegression(configuration.Model))
            {
                _regression = RegressionMeasurements.Of(configuration, Machine);
                (Components, Evaluations, Unit) = (_regression.Components.Count, _regression.SequenceEvaluations, "sequences");
                return;
            }

            LoadedExperiment loaded = Own(new LoadedExperiment(configuration.Model, configuration.Sampling, []));
            ParameterSet? against = TransformerMeasurements.Against(configuration);
            if (against is not null)
            {
                Own(against);
            }

            LearningCoefficientInputs inputs = TransformerMeasurements.Of(
                configuration,
                loaded.Model,
                loaded.Data,
                loaded.CountedPositions,
                against,
                options.Memory
            );
            _experiment = new LearningCoefficientExperiment(inputs, Machine);
            (Components, Evaluations, Plan) = (inputs.Components.Count, _experiment.TokenEvaluations, _experiment.Plan);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The number of components.</summary>
    public int Components { get; }

    /// <summary>What is counted: <c>tokens</c>, or <c>sequences</c> of a regression transformer.</summary>
    public string Unit { get; } = "tokens";

    /// <summary>How many of them are evaluated in all.</summary>
    public long Evaluations { get; }

    /// <summary>
    /// Which components are sampled together; null for a regression transformer, whose components are sampled one by one.
    /// </summary>
    public SamplingPlan? Plan { get; }

    /// <summary>What computes; the study's own, made with the threads that it was given.</summary>
    public Machine Machine { get; }

    /// <summary>Measures.</summary>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="cancellation">Stops between two updates or evaluations.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IReadOnlyList<ComponentCoefficient> Run(IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default) =>
        _experiment is not null
            ? _experiment.Run(new SamplingFollower(new WorkCounter(progress, "sampling", Unit), Plan!, Evaluations), cancellation)
            : _regression!.Measure(
                0,
                0,
                new SequenceFollower(new WorkCounter(progress, "sampling", Unit, Evaluations), "", (double)Evaluations / Components),
                cancellation
            );

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(owned => owned.Dispose());

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
