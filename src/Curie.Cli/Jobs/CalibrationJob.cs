using Curie.Cli.Configuration;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Numerics.Kernels;
using Curie.Response.Experiments;
using Curie.Sampling;
using Curie.Sampling.Calibration;
using Curie.Sampling.Networks;

namespace Curie.Cli.Jobs;

/// <summary>Tries settings, with progress: learning coefficients, and beside them the responses where chains can be coupled.</summary>
internal static class CalibrationJob
{
    /// <summary>Measures and judges every setting of a grid.</summary>
    /// <param name="session">The invocation.</param>
    /// <param name="configuration">The model, the data, the components and what is not tried.</param>
    /// <param name="grid">What is tried.</param>
    /// <param name="withResponse">Whether responses are measured where they can be.</param>
    /// <param name="memory">The bytes that everything may take.</param>
    /// <param name="threads">How many settings are measured side by side; 0 for all cores.</param>
    /// <exception cref="Numerics.InputException">An input does not fit, or a setting is out of range.</exception>
    /// <exception cref="OperationCanceledException">Ctrl-C.</exception>
    public static CalibrationReport Run(Session session, ExperimentConfiguration configuration, CalibrationGrid grid, bool withResponse, long memory, int threads)
    {
        SamplingConfiguration sampling = configuration.Sampling;
        using LoadedExperiment loaded = new(configuration.Model, sampling, []);
        LearningCoefficientInputs inputs = new()
        {
            Model = loaded.Model,
            Data = loaded.Data,
            Components = loaded.Components,
            Sampling = sampling.Options,
            BatchSize = sampling.BatchSize,
            Order = sampling.Order,
            LossRows = sampling.LossRows,
            Memory = memory,
        };
        grid.Validate();
        SamplingOptions first = grid.Cells(sampling.Options)[0];
        string? whyNoResponse = withResponse ? WhyNoResponse(sampling.Coupling, first) : "--no-response was given";
        Kernels kernels = Kernels.FromEnvironment();
        ResponseCalibration? response = whyNoResponse is null ? Response(inputs, sampling.Coupling, first, kernels) : null;
        Calibration calibration = new(inputs, grid, kernels, threads, response);
        session.Say(
            $"Trying {grid.Count} settings on {inputs.Components.Count} components of {configuration.Model}, {sampling.Options.Chains} chains of {sampling.Options.Draws} draws each"
            + (response is null ? "." : ", and as many coupled ones for the response."));
        IReadOnlyList<CalibrationCell> cells = WorkProgress.Run(session, "calibrating", "settings", grid.Count, progress => calibration.Run(
            new CellFollower(progress), session.Cancellation));
        return new CalibrationReport(configuration, cells, whyNoResponse);
    }

    /// <summary>Why settings are judged by λ̂ alone, as half a sentence; null if they are not. All settings of a grid have a localisation, and so the same answer.</summary>
    private static string? WhyNoResponse(CouplingConfiguration coupling, SamplingOptions options) =>
        coupling.Covariance == CovarianceEstimator.Product ? "sampling.covariance is product" : options.WhyUncoupled();

    private static ResponseCalibration Response(LearningCoefficientInputs inputs, CouplingConfiguration coupling, SamplingOptions options, Kernels kernels) => new(
        inputs with { Sampling = options with { Antithetic = coupling.IsAntithetic(options) } }, kernels, coupling.Strength, coupling.Rows);

    /// <summary>Counts settings.</summary>
    private sealed class CellFollower(WorkProgress progress) : IProgress<CalibrationCell>
    {
        public void Report(CalibrationCell value) => progress.Advance(1);
    }
}
