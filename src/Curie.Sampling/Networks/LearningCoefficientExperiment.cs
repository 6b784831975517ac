using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Chains;
using Curie.Sampling.Diagnostics;

namespace Curie.Sampling.Networks;

/// <summary>
/// Measures the local learning coefficients of a network's components (weight-refined coefficients: Wang et al., arXiv 2410.02984):
/// every component is sampled with all other parameters frozen at w*.
/// </summary>
public sealed class LearningCoefficientExperiment
{
    private readonly CoefficientInputs _inputs;
    private readonly Machine _machine;

    /// <summary>Prepares a measurement.</summary>
    /// <exception cref="InputException">A setting is out of range, or the measurement does not fit into the memory allowed.</exception>
    public LearningCoefficientExperiment(CoefficientInputs inputs, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        inputs.Validate();
        _inputs = inputs;
        _machine = machine;
        Plan = inputs.Plan(machine);
    }

    /// <summary>The number of components.</summary>
    public int Components => _inputs.Components.Count;

    /// <summary>
    /// The predicted tokens, or the sequences of a regression transformer, that are evaluated in the whole measurement: forward passes at
    /// draws, and three times those of gradient steps.
    /// </summary>
    public long Evaluations
    {
        get
        {
            long rows = ((long)_inputs.LossRowCount * _inputs.Sampling.Draws) + (3L * _inputs.BatchSize * _inputs.Sampling.UpdatesPerChain);
            return rows * _inputs.EvaluationsPerRow * Components * _inputs.Sampling.Chains;
        }
    }

    /// <summary>
    /// Which components are sampled together, and what the measurement costs; null for a regression transformer, whose components are
    /// sampled one by one.
    /// </summary>
    public SamplingPlan? Plan { get; }

    /// <summary>Samples the components, those of a group in lockstep.</summary>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="cancellation">Stops between two updates or two evaluations.</param>
    /// <returns>One coefficient for each component, in order.</returns>
    /// <exception cref="InputException">The loss at w* is not finite.</exception>
    /// <exception cref="OperationCanceledException">The measurement was stopped.</exception>
    public IReadOnlyList<ComponentCoefficient> Run(IProgress<SamplingProgress>? progress, CancellationToken cancellation)
    {
        RunControls controls = new() { Progress = progress, Cancellation = cancellation };
        Dictionary<string, ComponentCoefficient> measured = [];
        foreach (CoefficientGroup group in _inputs.Groups(Plan, _machine))
        {
            foreach (ComponentCoefficient coefficient in Measure(group, controls))
            {
                measured[coefficient.Report.Component] = coefficient;
            }
        }

        return [.. _inputs.Components.Select(component => measured[component.Name])];
    }

    private List<ComponentCoefficient> Measure(CoefficientGroup group, RunControls controls)
    {
        double[][] initRows = [.. Enumerable.Range(0, group.Components.Count).Select(group.Observer.InitialRowMeans)];
        SampledComponent[] sampled =
        [
            .. group.Components.Select(
                (component, member) =>
                    new SampledComponent(
                        component.Name,
                        group.Surfaces.Surfaces[member],
                        RowMeanSums.MeanOf(initRows[member]),
                        group.NullLine
                    )
            ),
        ];
        using GroupRun run = new(group.Surfaces, sampled, _inputs.Sampling, _machine);
        IReadOnlyList<ComponentReport> reports = ChainRunner.Run(run, group.Observer, controls);
        return
        [
            .. reports.Select((report, member) => Estimate(report, initRows[member], healthy => group.Observer.RowMeans(member, healthy))),
        ];
    }

    private ComponentCoefficient Estimate(ComponentReport report, double[] initRows, Func<IReadOnlyList<int>, double[]> means)
    {
        ComponentCoefficient estimate = ComponentCoefficient.Estimate(report, initRows, means);
        if (!_inputs.ZeroFilledInitLoss || estimate.Coefficient is null)
        {
            return estimate;
        }

        ComponentHealth health = estimate.Health;
        return estimate with
        {
            Coefficient = ZeroFilledInitLoss.Estimate(report.HealthyTrace, report.InitLoss, report.Options.NBeta),
            Health = health with { Verdicts = [.. health.Verdicts, ZeroFilledInitLoss.Warning(report)] },
        };
    }
}
