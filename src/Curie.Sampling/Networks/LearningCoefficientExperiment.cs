using Curie.Networks.Data;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics;
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
    private readonly Machine _machine;

    /// <summary>Prepares a measurement.</summary>
    /// <exception cref="InputException">A setting is out of range, or the measurement does not fit into the memory allowed.</exception>
    public LearningCoefficientExperiment(LearningCoefficientInputs inputs, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        inputs.Validate();
        _inputs = inputs;
        _machine = machine;
        Plan = SamplingPlan.Make(Work(), inputs.Memory);
    }

    /// <summary>
    /// The tokens evaluated in the whole measurement: forward passes at draws, and three times the tokens of gradient steps.
    /// </summary>
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

    /// <summary>Which components are sampled together, and what the measurement costs.</summary>
    public SamplingPlan Plan { get; }

    /// <summary>Samples the components, those of a group in lockstep.</summary>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="cancellation">Stops between two updates or two evaluations.</param>
    /// <returns>One coefficient for each component, in order.</returns>
    /// <exception cref="InputException">The loss at w* is not finite.</exception>
    /// <exception cref="OperationCanceledException">The measurement was stopped.</exception>
    public IReadOnlyList<ComponentCoefficient> Run(IProgress<SamplingProgress>? progress, CancellationToken cancellation)
    {
        using DivergenceTarget? target = _inputs.Target is { } frozen
            ? new DivergenceTarget(frozen.Model, frozen.Direction, _machine)
            : null;
        using TransformerEvaluator evaluator = new(_inputs.Model.Layout.Config, _machine, target);
        using FrozenNetwork network = new(_inputs.Model, evaluator);
        RunControls controls = new() { Progress = progress, Cancellation = cancellation };
        Dictionary<string, ComponentCoefficient> measured = [];
        foreach (PlannedGroup planned in Plan.Groups)
        {
            foreach (ComponentCoefficient coefficient in Measure(planned, network, controls))
            {
                measured[coefficient.Report.Component] = coefficient;
            }
        }

        return [.. _inputs.Components.Select(component => measured[component.Name])];
    }

    private List<ComponentCoefficient> Measure(PlannedGroup planned, FrozenNetwork network, RunControls controls)
    {
        SamplingOptions options = _inputs.Sampling;
        using IRestrictedGroup group = RestrictedGroups.Create(network, planned.Components, options.Chains);
        int[] lossRows = [.. Enumerable.Range(0, _inputs.LossRowCount)];
        CountedPositions? counted = _inputs.CountedPositions;
        using IFrozenRows rows = group.Freeze(_inputs.Data, lossRows, counted?.Slots(lossRows), planned.FrozenMemory);
        rows.UseSpareMemory(planned.FrozenMemory - rows.FrozenBytes);
        LearningCoefficientObserver observer = new(group, rows, lossRows.Length, options.Chains, counted?.Shares(lossRows));
        using NetworkSurfaces surfaces = new(group, _inputs.Data, _inputs.Order, _inputs.BatchSize, options.Chains, options.Seed)
        {
            Weights = counted?.Weights([.. Enumerable.Range(0, _inputs.Data.Count)]),
        };
        double[][] initRows = [.. Enumerable.Range(0, group.Components.Count).Select(observer.InitialRowMeans)];
        double nullLine = network.Evaluator.UniformLoss(_inputs.Data, lossRows, counted);
        SampledComponent[] sampled =
        [
            .. group.Components.Select(
                (component, member) =>
                    new SampledComponent(
                        component.Name,
                        surfaces.Surfaces[member],
                        LearningCoefficientObserver.MeanOf(initRows[member]),
                        nullLine
                    )
            ),
        ];
        using GroupRun run = new(surfaces, sampled, options, _machine);
        IReadOnlyList<ComponentReport> reports = ChainRunner.Run(run, observer, controls);
        return [.. reports.Select((report, member) => Estimate(report, observer, member, initRows[member]))];
    }

    private ComponentCoefficient Estimate(ComponentReport report, LearningCoefficientObserver observer, int member, double[] initRows)
    {
        ComponentCoefficient estimate = ComponentCoefficient.Estimate(report, initRows, healthy => observer.RowMeans(member, healthy));
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

    private SamplingWork Work() =>
        new()
        {
            Layout = _inputs.Model.Layout,
            RowLength = _inputs.Data.ContextLength,
            Components = _inputs.Components,
            Sampling = _inputs.Sampling,
            BatchSize = _inputs.BatchSize,
            Workers = _machine.Pool.Workers,
            Target = _inputs.Target?.Model.Layout,
            Evaluated = [new EvaluatedRows(_inputs.LossRowCount, (long)_inputs.LossRowCount * (_inputs.Data.ContextLength - 1))],
            BytesThroughout = _inputs.Data.MemoryBytes + (_inputs.CountedPositions?.MemoryBytes ?? 0),
        };
}
