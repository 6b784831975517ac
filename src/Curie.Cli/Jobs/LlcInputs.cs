using Curie.Cli.Configuration;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Sampling.Networks;
using Curie.Text.Packing;

namespace Curie.Cli.Jobs;

/// <summary>The measurement that a configuration asks for, of one model on one data set.</summary>
internal static class LlcInputs
{
    /// <summary>The measurement.</summary>
    /// <exception cref="Numerics.InputException">A component is not one of the model's.</exception>
    public static LearningCoefficientInputs Of(ExperimentConfiguration configuration, ParameterSet model, TokenRows data, long memory) => new()
    {
        Model = model,
        Data = data,
        Components = new ComponentParser(model.Layout).ParseAll(configuration.Sampling.Components),
        Sampling = configuration.Sampling.Options,
        BatchSize = configuration.Sampling.BatchSize,
        Order = configuration.Sampling.Order,
        LossRows = configuration.Sampling.LossRows,
        ZeroFilledInitLoss = configuration.Study.ZeroFilledInitLoss,
        Memory = memory,
    };
}
