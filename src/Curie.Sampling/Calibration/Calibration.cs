using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Networks;

namespace Curie.Sampling.Calibration;

/// <summary>
/// Searches a grid for one setting of the sampler that suits all components: coefficients at different settings cannot be compared. What
/// cannot be sound is left out by arithmetic (<see cref="CalibrationRules.Refuse"/>). A coarse pass with few draws then leaves out what is
/// clearly bad, and along a line of falling γ all that comes after chains went too far. It begins with the largest ε, the cheapest; a
/// smaller one is tried where that is unstable or hot. What is left is measured at length in the order of promise (<see cref="Promise"/>),
/// a few at a time until one of them is sound, and judged as a run is; the next smaller ε is tried coarsely beside each, to see what λ̂
/// changes by. Several settings go side by side, each on one thread; results do not depend on how many.
/// </summary>
public sealed class Calibration
{
    /// <summary>The rows at most that the largest curvature is measured on.</summary>
    private const int CurvatureRows = 16;

    private readonly LearningCoefficientInputs _inputs;
    private readonly CalibrationGrid _grid;
    private readonly CalibrationEffort _effort;
    private readonly Kernels _kernels;
    private readonly int _threads;
    private readonly ISettingMeasurement _measurement;
    private readonly bool _withResponse;
    private readonly IReadOnlyList<SamplingOptions> _settings;
    private readonly CalibrationCell[] _cells;
    private readonly Lock _lock = new();

    /// <summary>Prepares a calibration.</summary>
    /// <param name="inputs">The model, the data, the components, and what is not tried; its memory is shared out among the threads.</param>
    /// <param name="grid">What is tried.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="threads">How many settings are measured side by side; 0 for all cores. Results do not depend on it.</param>
    /// <param name="response">Measures responses beside coefficients; null to judge by the learning coefficients alone.</param>
    /// <param name="effort">How much is done; null for the defaults.</param>
    /// <exception cref="InputException">A setting is out of range.</exception>
    public Calibration(
        LearningCoefficientInputs inputs,
        CalibrationGrid grid,
        Kernels kernels,
        int threads,
        ISettingMeasurement? response = null,
        CalibrationEffort? effort = null
    )
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(grid);
        inputs.Validate();
        grid.Validate();
        _effort = effort ?? new CalibrationEffort();
        _effort.Validate();
        _settings = grid.Cells(inputs.Sampling);
        foreach (SamplingOptions options in _settings)
        {
            options.Validate();
        }

        _inputs = inputs;
        _grid = grid;
        _kernels = kernels;
        _threads = threads > 0 ? threads : Environment.ProcessorCount;
        _withResponse = response is not null;
        _measurement = response ?? new CoefficientMeasurement(inputs, kernels);
        _cells = [.. _settings.Select(options => new CalibrationCell(options, []) { Stage = CalibrationStage.Untried })];
    }

    /// <summary>
    /// The settings in the grid's order, as far as they were measured, and judged. After a search that was stopped, too.
    /// </summary>
    public IReadOnlyList<CalibrationCell> Cells => [.. _cells.Select((_, place) => Judged(place))];

    /// <summary>
    /// What a search takes of the settings that may be sound, where the largest ε does: the coarse pass, in lines of falling γ whose
    /// settings follow one another on one thread (empty where there are so few that all are measured at length), then the dearest of those
    /// that are measured at length at a time, with the smaller ε beside each.
    /// </summary>
    /// <remarks>The settings that are refused are known once <see cref="Prepare"/> has been called.</remarks>
    /// <exception cref="InputException">A measurement does not fit into the memory.</exception>
    public (IReadOnlyList<IReadOnlyList<SamplingPlan>> Coarse, IReadOnlyList<SamplingPlan> Full) Plans
    {
        get
        {
            int[] left = Left;
            if (SkipsCoarse(left))
            {
                return ([], [.. left.Select(place => Plan(place, isCoarse: false))]);
            }

            int[] first = [.. left.Where(place => Larger(place) is not int larger || !left.Contains(larger))];
            int[] dearest = [.. first.OrderByDescending(place => Plan(place, isCoarse: false).Operations).Take(_effort.Finalists)];
            return (
                [
                    .. _grid
                        .Lines.Select(line => line.Where(first.Contains).Select(place => Plan(place, isCoarse: true)).ToArray())
                        .Where(line => line.Length > 0),
                ],
                [
                    .. dearest.Select(place => Plan(place, isCoarse: false)),
                    .. dearest.Select(Smaller).OfType<int>().Where(left.Contains).Select(place => Plan(place, isCoarse: true)),
                ]
            );
        }
    }

    /// <summary>
    /// How many times settings are measured at length at most: one set after another until one is sound, and, where none was, the most
    /// promising for each kind of components.
    /// </summary>
    public int MostRounds => _effort.Rounds + 1;

    /// <summary>How many settings may be sound, as far as is known.</summary>
    public int Candidates => Left.Length;

    /// <summary>The largest curvature of the loss by component, from below; null before <see cref="Prepare"/>.</summary>
    public IReadOnlyList<(string Component, double Curvature)>? Curvatures { get; private set; }

    private long MemoryOfOne => _inputs.Memory / _threads;

    private int[] Left => [.. Enumerable.Range(0, _cells.Length).Where(place => _cells[place].Stage != CalibrationStage.Discarded)];

    /// <summary>Measures curvatures at w* and leaves out what cannot be sound; once.</summary>
    /// <param name="cancellation">Stops between two gradients.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Prepare(CancellationToken cancellation)
    {
        if (Curvatures is not null)
        {
            return;
        }

        using Machine machine = new(_kernels, threads: 1);
        using TransformerEvaluator evaluator = new(_inputs.Model.Layout.Config, machine);
        using FrozenNetwork network = new(_inputs.Model, evaluator);
        int[] rows = _inputs.LossRowIndices;
        int[] some = [.. rows.Take(CurvatureRows)];
        Curvatures =
        [
            .. _inputs.Components.Select(component =>
                (
                    component.Name,
                    LargestCurvature.Measure(
                        network,
                        component,
                        _inputs.Data,
                        some,
                        _inputs.CountedPositions?.Weights(rows),
                        _inputs.Sampling.Seed,
                        _kernels,
                        cancellation
                    )
                )
            ),
        ];
        for (int place = 0; place < _cells.Length; place++)
        {
            if (CalibrationRules.Refuse(_cells[place].Options, Curvatures, _withResponse) is { } objection)
            {
                _cells[place] = _cells[place] with { Stage = CalibrationStage.Discarded, Objections = [objection] };
            }
        }
    }

    /// <summary>Searches.</summary>
    /// <param name="progress">Told how far the search is; may be called from several threads, one at a time.</param>
    /// <param name="cancellation">Stops between two updates or evaluations; <see cref="Cells"/> has what was measured.</param>
    /// <returns>The judged cells in the grid's order.</returns>
    /// <exception cref="InputException">The loss at w* is not finite, or a measurement does not fit into the memory.</exception>
    /// <exception cref="OperationCanceledException">The calibration was stopped.</exception>
    public IReadOnlyList<CalibrationCell> Run(IProgress<CalibrationProgress>? progress, CancellationToken cancellation)
    {
        Prepare(cancellation);
        int[] left = Left;
        (IReadOnlyList<IReadOnlyList<SamplingPlan>> coarse, IReadOnlyList<SamplingPlan> full) = Plans;
        CalibrationTally tally = new(progress, _lock);
        tally.Expect(coarse.SelectMany(line => line).Sum(plan => plan.Operations), full.Sum(plan => plan.Operations));
        int[] survivors = left;
        if (!SkipsCoarse(left))
        {
            IReadOnlyList<int>[] lines = [.. _grid.Lines];
            foreach (IReadOnlyList<int>[] ofStep in lines.GroupBy(line => StepOf(line[0])).Select(group => group.ToArray()))
            {
                IReadOnlyList<int>[] wanted = [.. ofStep.Select(line => line.Where(IsWanted).ToArray()).Where(line => line.Length > 0)];
                if (ofStep[0].Any(place => Larger(place) is not null))
                {
                    tally.Expect(wanted.Sum(line => line.Where(IsExtra).Sum(place => Plan(place, isCoarse: true).Operations)), 0);
                }

                Each(wanted, line => TryCoarsely(line, tally, cancellation), cancellation);
            }

            survivors =
            [
                .. left.Where(place => _cells[place] is { Stage: CalibrationStage.Coarse, Objections.Count: 0 })
                    .OrderBy(place => Promise(_cells[place])),
            ];
        }

        foreach (int[] round in survivors.Chunk(_effort.Finalists).Take(_effort.Rounds))
        {
            MeasureAtLength(round, tally, cancellation);
            if (round.Any(place => Judged(place).IsSound))
            {
                return Cells;
            }
        }

        // No setting for all: of each kind of components that has none yet, the most promising for it.
        int[] kinds = [.. Kinds().SelectMany(PromisingFor).Distinct()];
        MeasureAtLength(kinds, tally, cancellation);
        return Cells;
    }

    /// <summary>The next larger ε; null for the largest.</summary>
    private int? Larger(int place) => _grid.Neighbour(place, axis: 0, 1);

    private int? Smaller(int place) => _grid.Neighbour(place, axis: 0, -1);

    private int StepOf(int place) => Larger(place) is int larger ? StepOf(larger) - 1 : 0;

    /// <summary>
    /// Whether a setting is tried in the coarse pass: with the largest ε, or where the next larger one is unstable or hot.
    /// </summary>
    private bool IsWanted(int place) =>
        _cells[place].Stage == CalibrationStage.Untried && (Larger(place) is not int larger || IsTooCoarseAStep(_cells[larger]));

    /// <summary>Whether that was not known before the coarse pass.</summary>
    private bool IsExtra(int place) => Larger(place) is int larger && _cells[larger].Stage != CalibrationStage.Discarded;

    private static bool IsTooCoarseAStep(CalibrationCell cell) =>
        cell.Stage == CalibrationStage.Discarded || cell.Coefficients.Any(CalibrationRules.IsStepTooLarge);

    private void MeasureAtLength(IReadOnlyList<int> places, CalibrationTally tally, CancellationToken cancellation)
    {
        (int Place, bool IsCoarse)[] all =
        [
            .. places.Select(place => (place, false)),
            .. places
                .Select(Smaller)
                .OfType<int>()
                .Where(place => _cells[place].Stage == CalibrationStage.Untried && !places.Contains(place))
                .Select(place => (place, true)),
        ];
        double[] works = [.. all.Select(one => Plan(one.Place, one.IsCoarse).Operations)];
        tally.Begin(works.Sum());
        Each(
            [.. Enumerable.Range(0, all.Length).OrderByDescending(one => works[one])],
            one => Measure(all[one].Place, all[one].IsCoarse, tally.Of("at length", works[one]), cancellation),
            cancellation
        );
    }

    private IEnumerable<string> Kinds() => _inputs.Components.Select(component => KindAdvice.KindOf(component.Name)).Distinct();

    /// <summary>The place of the cell of the coarse pass that promises most for a kind; none where one is sound for it already.</summary>
    private int[] PromisingFor(string kind)
    {
        CalibrationCell[] own = [.. Cells.Select(cell => cell.Of(name => KindAdvice.KindOf(name) == kind))];
        return Array.Exists(own, cell => cell.IsSound)
            ? []
            :
            [
                .. Enumerable
                    .Range(0, own.Length)
                    .Where(place => own[place] is { Stage: CalibrationStage.Coarse, Objections.Count: 0 })
                    .OrderBy(place => Promise(own[place]))
                    .Take(1),
            ];
    }

    /// <summary>
    /// Where a setting of the coarse pass stands among those that are measured at length: first by the number of doubts that more draws are
    /// unlikely to take back (<see cref="CalibrationRules.Doubts"/>), then by how little of the covariance is there without the loss, in
    /// steps of <see cref="CalibrationAdvice.NearCeiling"/>, below which the recommendation does not tell settings apart either, and
    /// then by the work that the response takes, or without it by ε.
    /// </summary>
    internal static (int Doubts, double OfCeiling, double Work, double Step) Promise(CalibrationCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return (
            CalibrationRules.Doubts(cell),
            Math.Round(Math.Clamp(cell.OfCeiling ?? 1, 0, 1) / CalibrationAdvice.NearCeiling),
            cell.ResponseWork ?? double.PositiveInfinity,
            -cell.Options.StepSize * (cell.Options.Localization + cell.Options.WeightDecay)
        );
    }

    private bool SkipsCoarse(int[] left) => left.Length <= _effort.Finalists;

    private SamplingOptions OptionsOf(int place, bool isCoarse) =>
        isCoarse ? _effort.Coarse(_settings[place]) : _effort.Full(_settings[place]);

    private int PairsOf(bool isCoarse) => isCoarse ? _effort.GaussianPairs : 4 * _effort.GaussianPairs;

    private SamplingPlan Plan(int place, bool isCoarse) => _measurement.Plan(OptionsOf(place, isCoarse), PairsOf(isCoarse), MemoryOfOne);

    private void TryCoarsely(IReadOnlyList<int> line, CalibrationTally tally, CancellationToken cancellation)
    {
        double[] works = [.. line.Select(place => Plan(place, isCoarse: true).Operations)];
        for (int number = 0; number < line.Count; number++)
        {
            Measure(line[number], isCoarse: true, tally.Of("coarse pass", works[number]), cancellation);
            if (_cells[line[number]].Coefficients.Any(CalibrationRules.IsTooFar))
            {
                tally.Skip(works[(number + 1)..].Sum());
                return;
            }
        }
    }

    private void Measure(int place, bool isCoarse, IProgress<double> progress, CancellationToken cancellation)
    {
        SamplingOptions options = OptionsOf(place, isCoarse);
        SettingMeasure measured = _measurement.Measure(options, PairsOf(isCoarse), MemoryOfOne, progress, cancellation);
        progress.Report(1);
        _cells[place] = new CalibrationCell(options, measured.Coefficients)
        {
            Stage = isCoarse ? CalibrationStage.Coarse : CalibrationStage.Measured,
            Responses = measured.Responses,
            Objections = isCoarse ? [.. measured.Coefficients.SelectMany(CalibrationRules.JudgeCoarsely)] : [],
        };
    }

    /// <summary>Begins items in their order, each as soon as a thread is free.</summary>
    private void Each<T>(T[] items, Action<T> action, CancellationToken cancellation)
    {
        try
        {
            Parallel.ForEach(
                Partitioner.Create(items, EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellation },
                action
            );
        }
        catch (AggregateException error)
            when (error.InnerExceptions.FirstOrDefault(inner => inner is InputException or OperationCanceledException) is { } reason)
        {
            ExceptionDispatchInfo.Throw(reason);
        }
    }

    private CalibrationCell Judged(int place)
    {
        CalibrationCell cell = _cells[place];
        if (cell.Stage is CalibrationStage.Untried or CalibrationStage.Discarded)
        {
            return cell with { Options = OptionsOf(place, isCoarse: false) };
        }

        double?[] changes =
        [
            .. new[] { -1, 1 }
                .Select(step => _grid.Neighbour(place, axis: 0, step))
                .OfType<int>()
                .Select(other => _cells[other])
                .Where(other => other.Coefficients.Count > 0 && !other.Coefficients.SelectMany(CalibrationRules.JudgeCoarsely).Any())
                .SelectMany(other =>
                    cell.Coefficients.Zip(other.Coefficients, (a, b) => CalibrationRules.Sensitivity(a.Coefficient, b.Coefficient))
                ),
        ];
        double? sensitivity = changes.Max();
        cell = cell with { StepSizeSensitivity = sensitivity };
        if (cell.Stage == CalibrationStage.Coarse)
        {
            return cell;
        }

        List<CalibrationObjection> objections =
        [
            .. cell.Coefficients.SelectMany(CalibrationRules.Judge),
            .. cell.Responses.SelectMany(CalibrationRules.Judge),
        ];
        if (sensitivity > CalibrationRules.LargestStepSizeSensitivity)
        {
            int worst = Array.IndexOf(changes, sensitivity) % cell.Coefficients.Count;
            objections.Add(
                new CalibrationObjection(
                    cell.Coefficients[worst].Report.Component,
                    $"λ̂ hangs on the step size (by {CalibrationRules.Text(100 * sensitivity)} %)",
                    "a smaller step size, or more burn-in"
                )
            );
        }

        return cell with
        {
            Objections = objections,
        };
    }
}
