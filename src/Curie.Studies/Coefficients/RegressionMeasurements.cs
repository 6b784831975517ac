using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Development.Coefficients;
using Curie.Development.Regression;
using Curie.Networks.Components;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Regression;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;
using Curie.Sampling.Regression;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;

namespace Curie.Studies.Coefficients;

/// <summary>The measurements of regression transformers, whose data is their own task.</summary>
internal static class RegressionMeasurements
{
    /// <summary>The measurements that a configuration asks for.</summary>
    /// <exception cref="InputException">The model cannot be read, or a setting does not fit.</exception>
    public static RegressionCoefficients Of(ExperimentConfiguration configuration, Machine machine)
    {
        SamplingConfiguration sampling = configuration.Sampling;
        if (sampling.Data != RegressionCoefficients.DataName || configuration.Study.Data.Count > 0 || sampling.LossRows is null)
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

        if (configuration.Study.ZeroFilledInitLoss)
        {
            throw new InputException(
                $"{configuration.Model} is a regression transformer, whose published coefficients have no zero-filled L0: leave that out."
            );
        }

        string settings = CheckpointCoefficientStudy.Settings(configuration);
        return new RegressionCoefficients(
            CheckpointSelection.Find([configuration.Model, .. configuration.MoreModels], configuration.Study.Every),
            model => Inputs(model, sampling),
            checkpoint =>
                RunFingerprint.Of(
                    new JsonObject { ["settings"] = settings },
                    [Path.Combine(checkpoint.Folder, ModelFolder.ConfigName), Path.Combine(checkpoint.Folder, ModelFolder.WeightsName)]
                ),
            machine
        );
    }

    private static RegressionCoefficientInputs Inputs(RegressionModel model, SamplingConfiguration sampling) =>
        new()
        {
            Model = model,
            Components = new ComponentParser(model.Parameters.Layout).ParseAll(sampling.Components),
            Sampling = sampling.Options,
            BatchSize = sampling.BatchSize,
            LossSequences = sampling.LossRows!.Value,
        };
}
