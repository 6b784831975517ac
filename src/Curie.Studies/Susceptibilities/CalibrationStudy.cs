using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Response.Experiments;
using Curie.Sampling;
using Curie.Sampling.Calibration;
using Curie.Sampling.Networks;
using Curie.Studies.Configuration;
using Curie.Studies.Progress;

namespace Curie.Studies.Susceptibilities;

/// <summary>Tries settings of the sampler: learning coefficients, and beside them the responses where chains can be coupled.</summary>
public sealed class CalibrationStudy : IDisposable
{
    private readonly LoadedExperiment _loaded;
    private readonly Calibration _calibration;
    private readonly int _count;
    private readonly SamplingConfiguration _sampling;
    private readonly int _threads;

    /// <summary>Reads what the configuration names.</summary>
    /// <param name="configuration">The model, the data, the components and what is not tried.</param>
    /// <param name="grid">What is tried.</param>
    /// <param name="withResponse">Whether responses are measured where they can be.</param>
    /// <param name="options">Threads (how many settings are measured side by side) and memory.</param>
    /// <exception cref="Numerics.InputException">An input does not fit, or a setting is out of range.</exception>
    public CalibrationStudy(
        ExperimentConfiguration configuration,
        CalibrationGrid grid,
        bool withResponse = true,
        StudyOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(grid);
        options ??= new StudyOptions();
        SamplingConfiguration sampling = configuration.Sampling;
        grid.Validate();
        _sampling = sampling;
        _threads = options.Threads ?? configuration.Threads;
        _loaded = new LoadedExperiment(configuration.Model, sampling, []);
        try
        {
            LearningCoefficientInputs inputs = new()
            {
                Model = _loaded.Model,
                Data = _loaded.Data,
                CountedPositions = _loaded.CountedPositions,
                Components = _loaded.Components,
                Sampling = sampling.Options,
                BatchSize = sampling.BatchSize,
                Order = sampling.Order,
                LossRows = sampling.LossRows,
                LossRowsChoice = sampling.LossRowsChoice,
                Memory = options.Memory,
            };
            SamplingOptions first = grid.Cells(sampling.Options)[0];
            WhyNoResponse = withResponse ? Reason(sampling.Coupling, first) : "it was left out";
            Kernels kernels = Kernels.FromEnvironment();
            ResponseCalibration? response = WhyNoResponse is null ? Response(inputs, sampling.Coupling, first, kernels) : null;
            _count = grid.Count;
            Components = inputs.Components.Count;
            _calibration = new Calibration(inputs, grid, kernels, _threads, response);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The components on which settings are tried.</summary>
    public int Components { get; }

    /// <summary>Why responses are not measured, as half a sentence; null where they are.</summary>
    public string? WhyNoResponse { get; }

    /// <summary>Says whether the rows that give P are no fair sample of their file; null if they are, by forward passes.</summary>
    public string? CheckLossRows()
    {
        using Machine machine = Machine.Create(_threads);
        return _loaded.CheckLossRows(_sampling.Data, _sampling.LossRowsChoice, _sampling.LossRows, machine);
    }

    /// <summary>Measures and judges every setting.</summary>
    /// <param name="progress">Told as settings are done.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IReadOnlyList<CalibrationCell> Run(IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default) =>
        _calibration.Run(new CellFollower(new WorkCounter(progress, "calibrating", "settings", _count)), cancellation);

    /// <inheritdoc/>
    public void Dispose() => _loaded.Dispose();

    /// <summary>
    /// Why settings are judged by λ̂ alone, as half a sentence; null if they are not. All settings of a grid have a localisation, and so
    /// the same answer.
    /// </summary>
    private static string? Reason(CouplingConfiguration coupling, SamplingOptions options) =>
        coupling.Covariance == CovarianceEstimator.Product ? "sampling.covariance is product" : options.WhyUncoupled();

    private static ResponseCalibration Response(
        LearningCoefficientInputs inputs,
        CouplingConfiguration coupling,
        SamplingOptions options,
        Kernels kernels
    ) =>
        new(
            inputs with
            {
                Sampling = options with { Antithetic = coupling.IsAntithetic(options) },
            },
            kernels,
            coupling.Strength,
            coupling.Rows
        );

    /// <summary>Counts settings.</summary>
    private sealed class CellFollower(WorkCounter counter) : IProgress<CalibrationCell>
    {
        public void Report(CalibrationCell value) => counter.Advance(1);
    }
}
