using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Sampling.Networks;
using Curie.Studies.Configuration;

namespace Curie.Studies.Coefficients;

/// <summary>The measurement that a configuration asks for, of a regression transformer, whose data is its own task.</summary>
internal static class RegressionMeasurements
{
    /// <summary>Checks that a configuration asks for nothing that a regression transformer has not.</summary>
    /// <exception cref="InputException">It does.</exception>
    public static void Check(ExperimentConfiguration configuration)
    {
        SamplingConfiguration sampling = configuration.Sampling;
        if (sampling.Data != SamplingConfiguration.OfTask || configuration.Study.Data.Count > 0 || sampling.LossRows is null)
        {
            throw new InputException(
                $"{configuration.Model} is a regression transformer, which makes its sequences from its own task: leave `sampling.data` "
                    + "out, and give `sampling.loss_rows` a number."
            );
        }

        if (sampling.Positions is not null)
        {
            throw new InputException(
                $"{configuration.Model} is a regression transformer, all of whose examples count: leave `sampling.positions` out."
            );
        }

        if (sampling.LossRowsChoice != RowChoice.First)
        {
            throw new InputException(
                $"{configuration.Model} is a regression transformer, whose sequences are all alike: leave loss_rows_choice out."
            );
        }

        if (configuration.Study.ZeroFilledInitLoss)
        {
            throw new InputException(
                $"{configuration.Model} is a regression transformer, whose published coefficients have no zero-filled L0: leave that out."
            );
        }
    }

    /// <summary>The measurement.</summary>
    /// <param name="configuration">The settings, checked.</param>
    /// <param name="model">w*.</param>
    /// <exception cref="InputException">A component is not one of the model's.</exception>
    public static RegressionCoefficientInputs Of(ExperimentConfiguration configuration, ParameterSet model) =>
        new()
        {
            Model = model,
            Components = new ComponentParser(model.Layout).ParseAll(configuration.Sampling.Components),
            Sampling = configuration.Sampling.Options,
            BatchSize = configuration.Sampling.BatchSize,
            LossSequences = configuration.Sampling.LossRows!.Value,
        };
}
