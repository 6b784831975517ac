using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;
using Curie.Response.Estimators;
using Curie.Sampling;
using Curie.Sampling.Calibration;
using Curie.Sampling.Diagnostics;
using Curie.Sampling.Networks;
using Health = Curie.Sampling.Diagnostics.ComponentHealth;

namespace Curie.Response.Experiments;

/// <summary>
/// Measures settings that are tried as a susceptibility run does, without probes: coupled chains of every component, `full` with its own
/// shadow if it is among them, follow a sample of the tokens of the loss rows, and the localisation's Gaussian is drawn beside them.
/// Nothing is written.
/// </summary>
public sealed class ResponseCalibration : ISettingMeasurement
{
    /// <summary>The most tokens that are followed: enough for a spread that is known to a few hundredths.</summary>
    public const int MostTokens = 256;

    /// <summary>The loss rows in which they lie at most: every row that holds one is evaluated at every draw.</summary>
    private const int MostRows = 8;

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
    public SettingMeasure Measure(
        SamplingOptions options,
        int gaussianPairs,
        long memory,
        IProgress<double>? progress,
        CancellationToken cancellation
    )
    {
        SusceptibilityInputs inputs = InputsOf(options, gaussianPairs, memory);
        using Machine machine = new(_kernels, threads: 1);
        using TransformerEvaluator evaluator = new(inputs.Model.Layout.Config, machine);
        using FrozenNetwork network = new(inputs.Model, evaluator);
        ExperimentSampling experiment = new(inputs, inputs.Components, machine);
        Dictionary<string, (ComponentCoefficient Coefficient, ComponentResponse Response)> measured = [];
        experiment.Run(
            network,
            experiment.MeasureInitial(network),
            states: null,
            resume: false,
            SettingProgress.Of(progress, inputs.Components),
            (component, share) =>
            {
                using ComponentMerge merge = ComponentMerge.Of(component, experiment.Context, share);
                SampledMoments sampled = merge.Complete();
                measured[component.Name] = (Coefficient(sampled), Response(sampled, experiment, component));
            },
            cancellation
        );
        return new SettingMeasure(
            [.. inputs.Components.Select(component => measured[component.Name].Coefficient)],
            [.. inputs.Components.Select(component => measured[component.Name].Response)]
        );
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Chains cannot be coupled at this setting
    /// (<see cref="SamplingOptions.WhyUncoupled"/>).</exception>
    public SamplingPlan Plan(SamplingOptions options, int gaussianPairs, long memory)
    {
        SusceptibilityInputs inputs = InputsOf(options, gaussianPairs, memory);
        using Machine machine = new(_kernels, threads: 1);
        return new ExperimentSampling(inputs, inputs.Components, machine).Plan;
    }

    private SusceptibilityInputs InputsOf(SamplingOptions options, int gaussianPairs, long memory)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.WhyUncoupled() is { } reason)
        {
            throw new ArgumentException($"There is no response, because {reason}.", nameof(options));
        }

        SamplingOptions sampling = options with { Antithetic = _inputs.Sampling.Antithetic };
        return _inputs with { Sampling = sampling, FullDraws = sampling.Draws, GaussianPairs = gaussianPairs, Memory = memory };
    }

    private static ComponentCoefficient Coefficient(SampledMoments sampled) =>
        new(
            sampled.Report,
            Health.Of(sampled.Report),
            sampled.Report.HealthyChains.Count == 0 ? null : LearningCoefficient.Estimate(sampled.Report)
        );

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

    private static ComponentResponse Response(SampledMoments sampled, ExperimentSampling experiment, Component component)
    {
        TokenWork work = experiment.WorkOf(component);
        BatchPlan batches = experiment.Context.Batches(component);
        return new ComponentResponse
        {
            Component = sampled.Report.Component,
            BurnIn = experiment.Design.Sampling.BurnIn,
            StoppedChains = sampled.Report.Failures.Count,
            RelativeError = RelativeError(sampled.Moments.Tokens),
            Shadow = ShadowStatistics.Of(sampled.Report),
            Nonlinearity = sampled.Nonlinearity,
            Resolution = sampled.Perturbation is { Displacement: > 0 } perturbation ? perturbation.Resolution : null,
            Control = sampled.Gaussian is { Pairs: > 0 } gaussian
                ? ControlCorrelations.Of(
                    sampled.Moments,
                    gaussian,
                    [
                        .. Enumerable
                            .Range(0, batches.Batches)
                            .Select(batch => batches.DrawsOf(batch).End.Value - batches.DrawsOf(batch).Start.Value),
                    ],
                    (int)(gaussian.Tokens.Draws / gaussian.Pairs)
                )
                : null,
            BurnInWork = work.BurnIn,
            DrawWork = work.Draws,
        };
    }

    private static ProbeInput LossTokens(LearningCoefficientInputs inputs)
    {
        int rows = Math.Min(inputs.LossRowCount, MostRows);
        int[] chosen = ChosenRows.Of(inputs.LossRowsChoice, inputs.Data.Count, rows, ChosenRows.LossRows);
        long tokens = inputs.CountedPositions?.CountIn(chosen) ?? ((long)rows * (inputs.Data.ContextLength - 1));
        return new ProbeInput
        {
            Name = ChosenRows.LossRows,
            Rows = inputs.Data,
            CountedPositions = inputs.CountedPositions,
            RowLimit = rows,
            RowChoice = inputs.LossRowsChoice,
            Tokens = tokens > MostTokens ? MostTokens : null,
        };
    }
}
