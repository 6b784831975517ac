using System.Runtime.ExceptionServices;
using Curie.Networks.Components;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Response.Experiments;
using Curie.Sampling;
using Curie.Sampling.Calibration;
using Curie.Sampling.Networks;
using Curie.Studies.Configuration;

namespace Curie.Studies.Susceptibilities;

/// <summary>Tries settings of the sampler: learning coefficients, and beside them the responses where chains can be coupled.</summary>
public sealed class CalibrationStudy : IDisposable
{
    /// <summary>The layers at most of which a head is chosen.</summary>
    private const int MostLayers = 4;

    private readonly LoadedExperiment _loaded;
    private readonly Calibration _calibration;
    private readonly LearningCoefficientInputs _inputs;
    private readonly Kernels _kernels = Kernels.FromEnvironment();
    private readonly SamplingConfiguration _sampling;
    private readonly int _threads;

    /// <summary>Reads what the configuration names.</summary>
    /// <param name="configuration">The model, the data, the components and what is not tried.</param>
    /// <param name="grid">What is tried.</param>
    /// <param name="withResponse">Whether responses are measured where they can be.</param>
    /// <param name="options">Threads (how many settings are measured side by side) and memory.</param>
    /// <param name="effort">How much is done; null for the defaults.</param>
    /// <exception cref="Numerics.InputException">An input does not fit, or a setting is out of range.</exception>
    public CalibrationStudy(
        ExperimentConfiguration configuration,
        CalibrationGrid grid,
        bool withResponse = true,
        StudyOptions? options = null,
        CalibrationEffort? effort = null
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
            _inputs = new LearningCoefficientInputs()
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
            bool hasResponse = WhyNoResponse is null;
            if (hasResponse)
            {
                _inputs = _inputs with { Sampling = _inputs.Sampling with { Antithetic = sampling.Coupling.IsAntithetic(first) } };
            }

            _calibration = new Calibration(
                _inputs,
                grid,
                _kernels,
                _threads,
                hasResponse ? new ResponseCalibration(_inputs, _kernels, sampling.Coupling.Strength, sampling.Coupling.Rows) : null,
                effort
            );
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The names of the components on which settings are tried.</summary>
    public IReadOnlyList<string> Components => [.. _inputs.Components.Select(component => component.Name)];

    /// <summary>How many settings may be sound; the others are refused without sampling.</summary>
    public int Candidates => _calibration.Candidates;

    /// <summary>Why responses are not measured, as half a sentence; null where they are.</summary>
    public string? WhyNoResponse { get; }

    /// <summary>The settings as far as they were measured, and judged: also after a search that was stopped.</summary>
    public IReadOnlyList<CalibrationCell> Cells => _calibration.Cells;

    /// <summary>
    /// A few components that differ: `full`, one head of each layer (of four at most, from the first to the last), and an MLP if the model
    /// has them.
    /// </summary>
    /// <param name="model">The model's path.</param>
    /// <exception cref="Numerics.InputException">The model cannot be read.</exception>
    public static IReadOnlyList<string> FewThatDiffer(string model)
    {
        using ParameterSet loaded = ModelReader.Load(model);
        return FewThatDiffer(loaded.Layout);
    }

    /// <summary>The same of an architecture: head number l mod H of layer l, and the MLP of the middle layer.</summary>
    internal static IReadOnlyList<string> FewThatDiffer(ParameterLayout layout)
    {
        Component[] heads = [.. new ComponentParser(layout).ParseAll(["heads"])];
        int layers = layout.Config.Layers;
        int each = heads.Length / layers;
        int count = Math.Min(layers, MostLayers);
        int[] chosen = [.. Enumerable.Range(0, count).Select(place => count == 1 ? 0 : place * (layers - 1) / (count - 1))];
        return
        [
            Component.FullName,
            .. chosen.Select(layer => heads[(layer * each) + (layer % each)].Name),
            .. layout.Config.AttentionOnly ? (string[])[] : [FormattableString.Invariant($"l{layers / 2}.mlp")],
        ];
    }

    /// <inheritdoc cref="Calibration.MostRounds"/>
    public int MostRounds => _calibration.MostRounds;

    /// <summary>Measures curvatures at w*, by which settings are refused that cannot be sound. Takes seconds.</summary>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Prepare(CancellationToken cancellation = default) => _calibration.Prepare(cancellation);

    /// <summary>
    /// How long the search takes at most, by a trial of each kind of component: the coarse pass, and then the settings that are measured at
    /// length at a time, the dearest ones. Call <see cref="Prepare"/> before.
    /// </summary>
    /// <exception cref="Numerics.InputException">A measurement does not fit into the memory.</exception>
    public (TimeSpan Coarse, TimeSpan Full) Time()
    {
        (IReadOnlyList<IReadOnlyList<SamplingPlan>> coarse, IReadOnlyList<SamplingPlan> full) = _calibration.Plans;
        if (full.Count == 0)
        {
            return (TimeSpan.Zero, TimeSpan.Zero);
        }

        int threads = _threads > 0 ? _threads : Environment.ProcessorCount;
        PlanTrial trial = Trial(full[0], Math.Min(threads, full.Count));
        return (Of(coarse), Of([.. full.OrderByDescending(trial.TimeOf).Select(plan => new[] { plan })]));

        // Each line on the thread that is free first.
        TimeSpan Of(IReadOnlyList<IReadOnlyList<SamplingPlan>> lines)
        {
            TimeSpan[] free = new TimeSpan[threads];
            foreach (IReadOnlyList<SamplingPlan> line in lines)
            {
                free[Array.IndexOf(free, free.Min())] += TimeSpan.FromSeconds(line.Sum(plan => trial.TimeOf(plan).TotalSeconds));
            }

            return free.Max();
        }
    }

    /// <summary>The slowest of trials on so many threads beside each other, as settings will be: they share caches and memory.</summary>
    private PlanTrial Trial(SamplingPlan plan, int threads)
    {
        PlanTrial[] trials = new PlanTrial[threads];
        try
        {
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, place =>
            {
                using Machine machine = new(_kernels, threads: 1);
                trials[place] = PlanTrial.Measure(plan, _inputs.Model, _inputs.Data, _inputs.LossRowIndices, _inputs.BatchSize, machine);
            });
        }
        catch (AggregateException error) when (error.InnerExceptions.OfType<Numerics.InputException>().FirstOrDefault() is { } reason)
        {
            ExceptionDispatchInfo.Throw(reason);
        }

        return trials.MaxBy(trial => trial.Time)!;
    }

    /// <summary>Says whether the rows that give P are no fair sample of their file; null if they are, by forward passes.</summary>
    public string? CheckLossRows()
    {
        using Machine machine = Machine.Create(_threads);
        return _loaded.CheckLossRows(_sampling.Data, _sampling.LossRowsChoice, _sampling.LossRows, machine);
    }

    /// <summary>Searches, and judges every setting.</summary>
    /// <param name="progress">Told how far the search is.</param>
    /// <param name="cancellation">Stops; <see cref="Cells"/> then has what was measured.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IReadOnlyList<CalibrationCell> Run(IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default) =>
        _calibration.Run(progress is null ? null : new Follower(progress), cancellation);

    /// <inheritdoc/>
    public void Dispose() => _loaded.Dispose();

    /// <summary>
    /// Why settings are judged by λ̂ alone, as half a sentence; null if they are not. All settings of a grid have a localisation, and so
    /// the same answer.
    /// </summary>
    private static string? Reason(CouplingConfiguration coupling, SamplingOptions options) =>
        coupling.Covariance == CovarianceEstimator.Product ? "sampling.covariance is product" : options.WhyUncoupled();

    /// <summary>Shows operations in units of 10⁹.</summary>
    private sealed class Follower(IProgress<StudyProgress> progress) : IProgress<CalibrationProgress>
    {
        public void Report(CalibrationProgress value) =>
            progress.Report(new StudyProgress($"calibrating, {value.Stage}", "Gflop", value.Done / 1e9, value.Total / 1e9, null));
    }
}
