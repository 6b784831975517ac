using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Response.Accumulation;
using Curie.Response.Estimators;
using Curie.Sampling;
using Curie.Sampling.Calibration;
using Curie.Sampling.Diagnostics;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>
/// Measures how well responses are seen at settings that are tried, without probes: coupled chains of every component, `full` with its own
/// shadow if it is among them, follow a
/// sample of the tokens of the loss rows. Nothing is written.
/// </summary>
public sealed class ResponseCalibration : IResponseMeasurement
{
    /// <summary>The most tokens that are followed: enough for a spread that is known to a few hundredths.</summary>
    public const int MostTokens = 256;

    /// <summary>A burn-in of so many times the updates that were asked for is out of proportion, and nothing is sampled.</summary>
    public const int LongestBurnIn = 20;

    private readonly SusceptibilityInputs _inputs;
    private readonly Kernels _kernels;

    /// <summary>Prepares measurements; nothing is sampled yet.</summary>
    /// <param name="inputs">The model, the data, the components and what is not tried, with <see cref="SamplingOptions.Antithetic"/> as the
    /// pairs are to be.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="strength">s, the perturbation's strength; null to have it chosen.</param>
    /// <param name="rows">K, the loss rows of an update; null to have it chosen.</param>
    /// <exception cref="InputException">A setting is out of range.</exception>
    public ResponseCalibration(LearningCoefficientInputs inputs, Kernels kernels, double? strength = null, int? rows = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        inputs.Validate();
        _kernels = kernels;
        _inputs = new SusceptibilityInputs
        {
            Model = inputs.Model,
            Data = inputs.Data,
            CountedPositions = inputs.CountedPositions,
            Components = inputs.Components,
            Probes = [LossTokens(inputs)],
            Sampling = inputs.Sampling,
            PerturbationStrength = strength,
            PerturbationRows = rows,
            GaussianPairs = 0,
            FullDraws = inputs.Sampling.Draws,
            BatchSize = inputs.BatchSize,
            Order = inputs.Order,
            LossRows = inputs.LossRows,
            LossRowsChoice = inputs.LossRowsChoice,
            Configuration = default,
            Fingerprint = "",
        };
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Chains cannot be coupled at this setting
    /// (<see cref="SamplingOptions.WhyUncoupled"/>).</exception>
    public IReadOnlyList<ComponentResponse> Measure(SamplingOptions options, long memory, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.WhyUncoupled() is { } reason)
        {
            throw new ArgumentException($"There is no response, because {reason}.", nameof(options));
        }

        SamplingOptions sampling = options with { Antithetic = _inputs.Sampling.Antithetic };
        SusceptibilityInputs inputs = _inputs with { Sampling = sampling, FullDraws = sampling.Draws, Memory = memory };
        int burnIn = ExperimentDesign.Of(inputs).Sampling.BurnIn;
        if (burnIn > LongestBurnIn * sampling.UpdatesPerChain)
        {
            return
            [
                .. inputs.Components.Select(component => new ComponentResponse
                {
                    Component = component.Name,
                    BurnIn = burnIn,
                    IsMeasured = false,
                }),
            ];
        }

        using Machine machine = new(_kernels, threads: 1);
        using TransformerEvaluator evaluator = new(inputs.Model.Layout.Config, machine);
        using FrozenNetwork network = new(inputs.Model, evaluator);
        ExperimentSampling experiment = new(inputs, inputs.Components, machine);
        Dictionary<string, ComponentResponse> measured = [];
        experiment.Run(
            network,
            experiment.MeasureInitial(network),
            states: null,
            resume: false,
            progress: null,
            (component, share) =>
            {
                using ComponentMerge merge = ComponentMerge.Of(component, experiment.Context, share);
                measured[component.Name] = Of(merge.Complete(), burnIn);
            },
            cancellation
        );
        return [.. inputs.Components.Select(component => WithWork(measured[component.Name], experiment.WorkOf(component)))];
    }

    /// <summary>√(mean SE²)/√(variance over tokens − mean SE²) of the covariance.</summary>
    private static double? RelativeError(TokenMoments moments)
    {
        if (moments.Batches < 2)
        {
            return null;
        }

        BatchCovariance batches = new(moments);
        double[] values = new double[moments.Tokens];
        double noise = 0;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = batches.Mean(moments.SumC[i]);
            noise += Math.Max(0, batches.Covariance(moments.SumCC[i], values[i], values[i])) / values.Length;
        }

        double mean = values.Average();
        double signal = (values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)) - noise;
        return signal > 0 ? Math.Sqrt(noise / signal) : double.PositiveInfinity;
    }

    private static ComponentResponse Of(SampledMoments sampled, int burnIn) =>
        new()
        {
            Component = sampled.Report.Component,
            BurnIn = burnIn,
            StoppedChains = sampled.Report.Failures.Count,
            RelativeError = RelativeError(sampled.Moments.Tokens),
            Shadow = ShadowStatistics.Of(sampled.Report),
            Nonlinearity = sampled.Nonlinearity,
        };

    private static ComponentResponse WithWork(ComponentResponse response, TokenWork work) =>
        response with
        {
            BurnInWork = work.BurnIn,
            DrawWork = work.Draws,
        };

    private static ProbeInput LossTokens(LearningCoefficientInputs inputs)
    {
        long tokens = inputs.CountedPositions?.CountIn(inputs.LossRowIndices)
            ?? ((long)inputs.LossRowCount * (inputs.Data.ContextLength - 1));
        return new ProbeInput
        {
            Name = ChosenRows.LossRows,
            Rows = inputs.Data,
            CountedPositions = inputs.CountedPositions,
            RowLimit = inputs.LossRowCount,
            RowChoice = inputs.LossRowsChoice,
            Tokens = tokens > MostTokens ? MostTokens : null,
        };
    }
}
