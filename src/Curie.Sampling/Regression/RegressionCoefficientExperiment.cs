using Curie.Networks.Components;
using Curie.Networks.Regression;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;

namespace Curie.Sampling.Regression;

/// <summary>
/// Measures the local learning coefficients of a regression transformer's components, by the same chains, estimates and verdicts as those
/// of models of
/// language. The null line is the loss of the predictor ŷ = 0 on the same sequences, Σ y²/(sequences·K), whose expectation is D + σ²; at a
/// checkpoint
/// that is no better than that itself, there is none.
/// </summary>
public sealed class RegressionCoefficientExperiment
{
    private readonly RegressionCoefficientInputs _inputs;
    private readonly Machine _machine;

    /// <summary>Prepares a measurement.</summary>
    /// <exception cref="InputException">A setting is out of range.</exception>
    public RegressionCoefficientExperiment(RegressionCoefficientInputs inputs, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        inputs.Validate();
        _inputs = inputs;
        _machine = machine;
    }

    /// <summary>
    /// The sequences evaluated in the whole measurement: forward passes at draws, and three times those of gradient steps.
    /// </summary>
    public long SequenceEvaluations
    {
        get
        {
            long perChain =
                ((long)_inputs.LossSequences * _inputs.Sampling.Draws) + (3L * _inputs.BatchSize * _inputs.Sampling.UpdatesPerChain);
            return perChain * _inputs.Components.Count * _inputs.Sampling.Chains;
        }
    }

    /// <summary>Samples the components one after another.</summary>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="cancellation">Stops between two updates or two evaluations.</param>
    /// <returns>One coefficient for each component, in order.</returns>
    /// <exception cref="InputException">The loss at w* is not finite.</exception>
    /// <exception cref="OperationCanceledException">The measurement was stopped.</exception>
    public IReadOnlyList<ComponentCoefficient> Run(IProgress<SamplingProgress>? progress, CancellationToken cancellation)
    {
        using RegressionGenerator generator = new(_inputs.Model.Task, _machine.Kernels);
        using RegressionEvaluator evaluator = new(_inputs.Model, _machine);
        using RegressionBatch sequences = new(_inputs.Model.Task, _inputs.LossSequences);
        generator.Fill(sequences, RegressionSequences.Loss(_inputs.Sampling.Seed), 0, RegressionScale.Training, _machine.Pool);
        RunControls controls = new() { Progress = progress, Cancellation = cancellation };
        List<ComponentCoefficient> coefficients = [];
        foreach (Component component in _inputs.Components)
        {
            using RegressionSurface surface = new(_inputs.Model, component, _inputs.BatchSize, _inputs.Sampling.Seed, evaluator, generator);
            coefficients.Add(Measure(surface, sequences, evaluator, controls));
        }

        return coefficients;
    }

    private ComponentCoefficient Measure(
        RegressionSurface surface,
        RegressionBatch sequences,
        RegressionEvaluator evaluator,
        RunControls controls
    )
    {
        RegressionObserver observer = new(surface, sequences, evaluator, _inputs.Sampling.Chains);
        double[] initial = observer.InitialSequenceMeans();
        double initLoss = LearningCoefficientObserver.MeanOf(initial);
        if (!double.IsFinite(initLoss))
        {
            throw new InputException(
                $"{surface.Component.Name}: the loss of the checkpoint is {initLoss}; use one whose training did not diverge."
            );
        }

        double zero = ZeroPredictorLoss(sequences);
        SampledComponent sampled = new(surface.Component.Name, surface, initLoss, initLoss < zero ? zero : null);
        ComponentReport report = ChainRunner.Run(sampled, _inputs.Sampling, observer, _machine, controls);
        return ComponentCoefficient.Estimate(report, initial, observer.SequenceMeans);
    }

    private static double ZeroPredictorLoss(RegressionBatch sequences)
    {
        double sum = 0;
        for (int s = 0; s < sequences.Count; s++)
        {
            foreach (float y in sequences.Targets(s))
            {
                sum += (double)y * y;
            }
        }

        return sum / ((double)sequences.Count * sequences.Examples);
    }
}
