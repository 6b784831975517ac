using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Networks;

namespace Curie.Sampling.Calibration;

/// <summary>
/// Measures the learning coefficients of chosen components at every setting of a grid, several settings side by side, each on one thread,
/// and judges each; where it is given what measures them, by the error of the components' responses too. One setting for all components is
/// the aim: coefficients at different settings cannot be compared.
/// </summary>
public sealed class Calibration
{
    private readonly LearningCoefficientInputs _inputs;
    private readonly CalibrationGrid _grid;
    private readonly Kernels _kernels;
    private readonly int _threads;
    private readonly IResponseMeasurement? _response;

    /// <summary>Prepares a calibration.</summary>
    /// <param name="inputs">The model, the data, the components, and what is not tried; its memory is shared out among the threads.</param>
    /// <param name="grid">What is tried.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="threads">How many settings are measured side by side; 0 for all cores. Results do not depend on it.</param>
    /// <param name="response">Measures the response of the same components; null to judge by the learning coefficients alone.</param>
    /// <exception cref="InputException">A setting is out of range.</exception>
    public Calibration(
        LearningCoefficientInputs inputs,
        CalibrationGrid grid,
        Kernels kernels,
        int threads,
        IResponseMeasurement? response = null
    )
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(grid);
        inputs.Validate();
        grid.Validate();
        foreach (SamplingOptions options in grid.Cells(inputs.Sampling))
        {
            options.Validate();
        }

        _inputs = inputs;
        _grid = grid;
        _kernels = kernels;
        _threads = threads > 0 ? threads : Environment.ProcessorCount;
        _response = response;
    }

    /// <summary>Measures every cell.</summary>
    /// <param name="finished">Told when a cell is measured; may be called from several threads, one at a time.</param>
    /// <param name="cancellation">Stops between two updates or evaluations.</param>
    /// <returns>The judged cells in the grid's order.</returns>
    /// <exception cref="InputException">The loss at w* is not finite, or a measurement does not fit into the memory.</exception>
    /// <exception cref="OperationCanceledException">The calibration was stopped.</exception>
    public IReadOnlyList<CalibrationCell> Run(IProgress<CalibrationCell>? finished, CancellationToken cancellation)
    {
        IReadOnlyList<SamplingOptions> settings = _grid.Cells(_inputs.Sampling);
        CalibrationCell[] cells = new CalibrationCell[settings.Count];
        Lock reporting = new();
        try
        {
            Parallel.For(
                0,
                cells.Length,
                new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellation },
                place =>
                {
                    cells[place] = Measure(settings[place], cancellation);
                    lock (reporting)
                    {
                        finished?.Report(cells[place]);
                    }
                }
            );
        }
        catch (AggregateException error) when (error.InnerExceptions[0] is InputException or OperationCanceledException)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }

        return [.. cells.Select((cell, place) => Judge(cells, cell, place))];
    }

    private CalibrationCell Measure(SamplingOptions options, CancellationToken cancellation)
    {
        using Machine machine = new(_kernels, threads: 1);
        LearningCoefficientInputs inputs = _inputs with { Sampling = options, Memory = _inputs.Memory / _threads };
        return new CalibrationCell(options, new LearningCoefficientExperiment(inputs, machine).Run(null, cancellation))
        {
            Responses = _response?.Measure(options, inputs.Memory, cancellation) ?? [],
        };
    }

    private CalibrationCell Judge(CalibrationCell[] cells, CalibrationCell cell, int place)
    {
        List<CalibrationObjection> objections =
        [
            .. cell.Coefficients.SelectMany(CalibrationRules.Judge),
            .. cell.Responses.SelectMany(CalibrationRules.Judge),
        ];
        double?[] changes =
        [
            .. new[] { -1, 1 }
                .Select(step => _grid.Neighbour(place, axis: 0, step))
                .OfType<int>()
                .SelectMany(other =>
                    cell.Coefficients.Zip(cells[other].Coefficients, (a, b) => CalibrationRules.Sensitivity(a.Coefficient, b.Coefficient))
                ),
        ];
        double? sensitivity = changes.Max();
        if (sensitivity > CalibrationRules.LargestStepSizeSensitivity && changes.All(change => change is not null))
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

        bool known = cell.Coefficients.All(measured => measured.Coefficient is { Value: > 0, StandardError: not null });
        return cell with
        {
            Objections = objections,
            StepSizeSensitivity = sensitivity,
            RelativeError = known
                ? Math.Sqrt(
                    cell.Coefficients.Average(measured =>
                        Math.Pow(measured.Coefficient!.StandardError!.Value / measured.Coefficient.Value, 2)
                    )
                )
                : null,
        };
    }
}
