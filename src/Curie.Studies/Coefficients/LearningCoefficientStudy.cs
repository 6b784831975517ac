using Curie.Networks.Data;
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
    private readonly LearningCoefficientExperiment _experiment;
    private readonly SamplingConfiguration _sampling;
    private LoadedExperiment? _loaded;

    /// <summary>Reads what the configuration names, and plans.</summary>
    /// <param name="configuration">The model, the data, the components and how they are sampled.</param>
    /// <param name="options">Threads and memory.</param>
    /// <exception cref="Numerics.InputException">An input is missing or does not fit.</exception>
    public LearningCoefficientStudy(ExperimentConfiguration configuration, StudyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        options ??= new StudyOptions();
        _sampling = configuration.Sampling;
        Machine = Own(options.CreateMachine(configuration.Threads));
        try
        {
            CoefficientInputs inputs = RegressionFolder.IsRegression(configuration.Model)
                ? OfRegression(configuration)
                : OfTransformer(configuration, options.Memory);
            _experiment = new LearningCoefficientExperiment(inputs, Machine);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The number of components.</summary>
    public int Components => _experiment.Components;

    /// <summary>What is counted: <c>tokens</c>, or <c>sequences</c> of a regression transformer.</summary>
    public string Unit { get; private set; } = "tokens";

    /// <summary>How many of them are evaluated in all.</summary>
    public long Evaluations => _experiment.Evaluations;

    /// <inheritdoc cref="LearningCoefficientExperiment.Plan"/>
    public SamplingPlan? Plan => _experiment.Plan;

    /// <inheritdoc cref="LearningCoefficientExperiment.Trial"/>
    public PlanTrial? Trial() => _experiment.Trial();

    /// <summary>What computes; the study's own, made with the threads that it was given.</summary>
    public Machine Machine { get; }

    /// <summary>Says whether the rows that give P are no fair sample of their file; null if they are, by forward passes.</summary>
    public string? CheckLossRows() => _loaded?.CheckLossRows(_sampling.Data, _sampling.LossRowsChoice, _sampling.LossRows, Machine);

    /// <summary>Measures.</summary>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="cancellation">Stops between two updates or evaluations.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IReadOnlyList<ComponentCoefficient> Run(IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default)
    {
        WorkCounter counter = new(progress, "sampling", Unit, Plan is null ? Evaluations : 0);
        return _experiment.Run(SequenceFollower.Of(counter, Plan, "", Evaluations, Components), cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(owned => owned.Dispose());

    private RegressionCoefficientInputs OfRegression(ExperimentConfiguration configuration)
    {
        RegressionMeasurements.Check(configuration);
        Unit = "sequences";
        return RegressionMeasurements.Of(configuration, Own(RegressionFolder.Load(configuration.Model)));
    }

    private LearningCoefficientInputs OfTransformer(ExperimentConfiguration configuration, long memory)
    {
        LoadedExperiment loaded = _loaded = Own(new LoadedExperiment(configuration.Model, configuration.Sampling, []));
        ParameterSet? against = TransformerMeasurements.Against(configuration);
        if (against is not null)
        {
            Own(against);
        }

        return TransformerMeasurements.Of(configuration, loaded.Model, loaded.Data, loaded.CountedPositions, against, memory);
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
