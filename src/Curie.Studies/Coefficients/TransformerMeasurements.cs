using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Sampling.Networks;
using Curie.Studies.Configuration;
using Curie.Text.Packing;

namespace Curie.Studies.Coefficients;

/// <summary>The measurement that a configuration asks for, of one model on one data set.</summary>
internal static class TransformerMeasurements
{
    /// <summary>The measurement.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="model">w*.</param>
    /// <param name="data">The rows.</param>
    /// <param name="counted">Which of their positions count; null for all.</param>
    /// <param name="against">The model that <see cref="StudyConfiguration.Against"/> names; null if it names none.</param>
    /// <param name="memory">The bytes that may be taken.</param>
    /// <exception cref="Numerics.InputException">A component is not one of the model's.</exception>
    public static LearningCoefficientInputs Of(
        ExperimentConfiguration configuration,
        ParameterSet model,
        TokenRows data,
        CountedPositions? counted,
        ParameterSet? against,
        long memory
    ) =>
        new()
        {
            Model = model,
            Data = data,
            CountedPositions = counted,
            Components = new ComponentParser(model.Layout).ParseAll(configuration.Sampling.Components),
            Sampling = configuration.Sampling.Options,
            BatchSize = configuration.Sampling.BatchSize,
            Order = configuration.Sampling.Order,
            LossRows = configuration.Sampling.LossRows,
            LossRowsChoice = configuration.Sampling.LossRowsChoice,
            Target = against is null ? null : new CoefficientTarget(against, configuration.Study.Divergence),
            ZeroFilledInitLoss = configuration.Study.ZeroFilledInitLoss,
            Memory = memory,
        };

    /// <summary>The model that <see cref="StudyConfiguration.Against"/> names, or null.</summary>
    /// <exception cref="Numerics.InputException">It cannot be read.</exception>
    public static ParameterSet? Against(ExperimentConfiguration configuration) =>
        configuration.Study.Against is { } folder ? ModelReader.Load(folder) : null;
}
