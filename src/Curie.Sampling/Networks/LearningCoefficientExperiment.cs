using Curie.Networks.Components;
using Curie.Networks.Passes;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Chains;
using Curie.Sampling.Diagnostics;

namespace Curie.Sampling.Networks;

/// <summary>
/// Measures the local learning coefficients of a transformer's components (weight-refined coefficients: Wang et al., arXiv 2410.02984):
/// every component is sampled with all other parameters frozen at w*.
/// </summary>
public sealed class LearningCoefficientExperiment
{
    private readonly LearningCoefficientInputs _inputs;
    private readonly Kernels _kernels;
    private readonly WorkerPool _pool;

    /// <summary>Prepares a measurement.</summary>
    /// <exception cref="InputException">A setting is out of range.</exception>
    public LearningCoefficientExperiment(LearningCoefficientInputs inputs, Kernels kernels, WorkerPool pool)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        inputs.Validate();
        _inputs = inputs;
        _kernels = kernels;
        _pool = pool;
    }

    /// <summary>The tokens evaluated in the whole measurement: forward passes at draws, and three times the tokens of gradient steps.</summary>
    public long TokenEvaluations
    {
        get
        {
            long perDraw = (long)_inputs.LossRowCount * (_inputs.Data.ContextLength - 1);
            long perStep = 3L * _inputs.BatchSize * (_inputs.Data.ContextLength - 1);
            long perChain = (perDraw * _inputs.Sampling.Draws) + (perStep * _inputs.Sampling.UpdatesPerChain);
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
        using TransformerEvaluator evaluator = new(_inputs.Model.Layout.Config, _kernels, _pool);
        RunControls controls = new() { Progress = progress, Cancellation = cancellation };
        return [.. _inputs.Components.Select(component => Measure(component, evaluator, controls))];
    }

    private ComponentCoefficient Measure(Component component, TransformerEvaluator evaluator, RunControls controls)
    {
        using RestrictedNetwork network = new(_inputs.Model, component, _kernels, _pool, _inputs.Sampling.Chains);
        int[] lossRows = [.. Enumerable.Range(0, _inputs.LossRowCount)];
        using EvaluationRows rows = new(evaluator, network, _inputs.Data, lossRows, _inputs.FrozenMemory);
        rows.UseSpareMemory(_inputs.FrozenMemory - rows.FrozenBytes);
        LearningCoefficientObserver observer = new(network, rows, _inputs.Sampling.Chains);
        float[] origin = new float[component.Restriction.Dimension];
        network.CopyOrigin(origin);
        double initLoss = observer.Evaluate(origin);
        double[] initRows = observer.LastRowMeans.ToArray();
        NetworkLossSurface surface = new(
            network, evaluator, _inputs.Data, _inputs.Order, _inputs.BatchSize, _inputs.Sampling.Chains, _inputs.Sampling.Seed);
        SampledComponent sampled = new(component.Name, surface, initLoss, Math.Log(_inputs.Model.Layout.Config.Vocabulary));
        using GroupRun run = GroupRun.Of(sampled, _inputs.Sampling, _kernels, _pool);
        ComponentReport report = ChainRunner.Run(run, observer, controls)[0];
        IReadOnlyList<int> healthy = report.HealthyChains;
        LearningCoefficient? coefficient = healthy.Count == 0
            ? null
            : LearningCoefficient.Estimate(report, [.. observer.RowMeans(healthy).Zip(initRows, (mean, init) => mean - init)]);
        return new ComponentCoefficient(report, ComponentHealth.Of(report), coefficient);
    }
}
