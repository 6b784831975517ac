using Curie.Networks.Components;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Response.Experiments;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Coupling;
using Curie.Sampling.Networks;

namespace Curie.Response.Linearity;

/// <summary>
/// Perturbs the posteriors of a run's components to those of the mixture q_h = (1 − h)·q + h·q_probe, and sets what changes beside the
/// derivatives at h = 0 that the run
/// estimated. Beside each of the run's chains goes one companion for each h, with the same noise and minibatches and
/// <code>
/// U_h = nβ·(L + h·ΔL) + (γ/2)‖w − w*‖² + (δ/2)‖w‖² ,   ΔL = L_probe − P ,
/// </code>
/// the base distribution in ΔL being that of the rows that give P, as it is in the run's estimates. At every draw P and L_probe are
/// evaluated at chains and companions.
/// </summary>
public sealed class PerturbationExperiment
{
    private readonly PerturbationInputs _inputs;
    private readonly SusceptibilityInputs _experiment;
    private readonly ExperimentDesign _design;
    private readonly ProbeSelection _probe;
    private readonly int _rows;
    private readonly IReadOnlyList<Companion> _companions;
    private readonly Dictionary<string, LinearPrediction> _predictions;
    private readonly Machine _machine;

    /// <summary>Prepares a measurement.</summary>
    /// <param name="inputs">What is perturbed, by what.</param>
    /// <param name="run">The run that is checked.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <exception cref="InputException">The run cannot be perturbed, has no such probe or component, or the measurement does not fit into
    /// the memory allowed.</exception>
    public PerturbationExperiment(PerturbationInputs inputs, SusceptibilityRun run, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        inputs.Validate();
        _inputs = inputs;
        _experiment = inputs.Experiment;
        if (run.Manifest.Observable is { } observable)
        {
            throw new InputException(
                $"the run observes the loss of {observable}, and what a perturbed posterior is compared with is the response of the "
                    + "data's loss; sample a run without sampling.observable."
            );
        }

        double nBeta = _experiment.Sampling.NBeta;
        _predictions = inputs.Components.ToDictionary(
            component => component.Name,
            component => LinearPrediction.Of(run, component.Name, inputs.Probe, nBeta)
        );
        _probe = ProbeSelection.Choose(_experiment.Probes.Single(probe => probe.Name == inputs.Probe));
        if (!_probe.KeepsCounted)
        {
            throw new InputException(
                $"the run follows {Counted.Of(_probe.Count, "token")} of {inputs.Probe} here and there, but data are mixed by whole "
                    + "rows; sample a run "
                    + "with \"tokens: all\", and with fewer rows instead."
            );
        }

        _design = ExperimentDesign.Of(_experiment);
        _rows = _experiment.PerturbationRows ?? ObservableRows.Choose(_design.Sampling);
        _companions = [.. inputs.Shares.Select(share => new Companion(1, nBeta * share))];
        _machine = machine;
        Plan = SamplingPlan.Make(Work(), _experiment.Memory);
    }

    /// <summary>Which components are sampled together, and what the measurement costs.</summary>
    public SamplingPlan Plan { get; }

    /// <summary>
    /// The tokens evaluated in the whole measurement: forward passes at draws, and three times the tokens of gradient steps, of chains and
    /// companions.
    /// </summary>
    public long TokenEvaluations
    {
        get
        {
            long losses = (long)_experiment.LossRowCount * (_experiment.Data.ContextLength - 1);
            long steps = (_experiment.BatchSize * (1L + _companions.Count)) + (2L * _rows * _companions.Count);
            return _inputs.Components.Sum(component =>
            {
                SamplingOptions sampling = _design.For(component).Sampling;
                long draws = (losses + _probe.Count) * sampling.Draws * (1 + _companions.Count);
                return sampling.Chains * (draws + (3 * steps * (_experiment.Data.ContextLength - 1) * sampling.UpdatesPerChain));
            });
        }
    }

    /// <summary>Perturbs.</summary>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="cancellation">Stops between two updates or two evaluations.</param>
    /// <returns>One result for each component, in order.</returns>
    /// <exception cref="InputException">The loss at w* is not finite.</exception>
    /// <exception cref="OperationCanceledException">The measurement was stopped.</exception>
    public IReadOnlyList<PerturbedComponent> Run(IProgress<SamplingProgress>? progress, CancellationToken cancellation)
    {
        using TransformerEvaluator evaluator = new(_experiment.Model.Layout.Config, _machine);
        using FrozenNetwork network = new(_experiment.Model, evaluator);
        RunControls controls = new() { Progress = progress, Cancellation = cancellation };
        Component full = new ComponentParser(_experiment.Model.Layout).Parse(Component.FullName);
        InitialLosses initial = InitialLosses.Measure(
            network,
            full,
            [_probe],
            _experiment.Data,
            _experiment.LossRowIndices,
            _experiment.CountedPositions
        );
        double origin = initial.Tokens.Average(loss => (double)loss) - initial.Mean;
        Dictionary<string, PerturbedComponent> measured = [];
        foreach (
            PerturbedComponent component in Plan.Groups.SelectMany(planned => Perturb(planned, network, initial.Mean, origin, controls))
        )
        {
            measured.Add(component.Name, component);
        }

        return [.. _inputs.Components.Select(component => measured[component.Name])];
    }

    private List<PerturbedComponent> Perturb(
        PlannedGroup planned,
        FrozenNetwork network,
        double initLoss,
        double origin,
        RunControls controls
    )
    {
        ExperimentDesign design = _design.For(planned.Components[0]);
        SamplingOptions sampling = design.Sampling;
        ChainCompany company = CompanyOf(planned.Components[0]);
        using IRestrictedGroup group = RestrictedGroups.Create(
            network,
            planned.Components,
            company.LossSlots(sampling),
            company.GradientSlots(sampling)
        );
        using NetworkSurfaces surfaces = new(
            group,
            _experiment.Data,
            _experiment.Order,
            _experiment.BatchSize,
            sampling.Chains,
            sampling.ChainSeed,
            Observable(sampling)
        )
        {
            Weights = _experiment.MinibatchWeights,
        };
        using MeanLoss loss = new(
            group,
            _experiment.Data,
            _experiment.LossRowIndices,
            NetworkObserver.CapacityOf(group),
            planned.FrozenMemory,
            _experiment.CountedPositions
        );
        using MeanLoss probe = new(
            group,
            _probe.Probe.Rows,
            _probe.Rows,
            NetworkObserver.CapacityOf(group),
            planned.FrozenMemory - loss.FrozenBytes,
            _probe.Probe.CountedPositions
        );
        loss.UseSpareMemory(planned.FrozenMemory - loss.FrozenBytes - probe.FrozenBytes);
        probe.UseSpareMemory(planned.FrozenMemory - loss.FrozenBytes - probe.FrozenBytes);
        PerturbedTrace[] traces =
        [
            .. planned.Components.Select(_ => new PerturbedTrace(1 + _companions.Count, sampling.Chains, sampling.Draws)),
        ];
        double nullLine = Math.Log(_experiment.Model.Layout.Config.Logits);
        SampledComponent[] sampled =
        [
            .. planned.Components.Select(
                (component, place) =>
                    new SampledComponent(component.Name, surfaces.Surfaces[place], initLoss, nullLine) { Companions = _companions }
            ),
        ];
        using GroupRun run = new(surfaces, sampled, sampling, _machine);
        IReadOnlyList<ComponentReport> reports = ChainRunner.Run(run, new PerturbedDraws(group, loss, probe, traces), controls);
        return [.. reports.Select((report, place) => Result(report, traces[place], design, origin))];
    }

    private PerturbedComponent Result(ComponentReport report, PerturbedTrace trace, ExperimentDesign design, double origin)
    {
        int chains = design.Sampling.ChainsPerUnit;
        int[][] units = [.. report.HealthyChains.Chunk(chains)];
        (int batches, double nBeta) = (design.Batches.Batches, design.Sampling.NBeta);
        double[][] losses = [.. Enumerable.Range(0, design.Sampling.Chains).Select(chain => trace.Loss(chain).ToArray())];
        if (units.Length * batches < 2)
        {
            return new PerturbedComponent(report.Component, null, null, losses, report.Failures);
        }

        LinearPrediction linear = _predictions[report.Component];
        CurvePoint[] response = [.. _inputs.Shares.Select((share, place) => trace.Response(place + 1, share, nBeta, units, batches))];
        CurvePoint[] coefficient =
        [
            .. _inputs.Shares.Select((share, place) => trace.Coefficient(place + 1, share, nBeta, origin, units, batches)),
        ];
        return new PerturbedComponent(
            report.Component,
            new ResponseCurve(response, linear.Response, linear.ResponseError),
            new ResponseCurve(coefficient, linear.Coefficient, linear.CoefficientError),
            losses,
            report.Failures
        );
    }

    private ObservableTerm[] Observable(SamplingOptions sampling)
    {
        int[] lossRows = _experiment.LossRowIndices;
        return
        [
            new ObservableTerm(
                new ObservableRows(_probe.Probe.Rows, _probe.Rows, _rows, sampling.Chains, sampling.ChainSeed)
                {
                    Weights = _probe.Probe.CountedPositions?.Weights(_probe.Rows),
                },
                1
            ),
            new ObservableTerm(
                new ObservableRows(_experiment.Data, lossRows, _rows, sampling.Chains, sampling.ChainSeed)
                {
                    Weights = _experiment.CountedPositions?.Weights(lossRows),
                },
                -1
            ),
        ];
    }

    private ChainCompany CompanyOf(Component component)
    {
        int companions = _companions.Count;
        int points = companions * _design.Sampling.ChainsPerUnit;
        return new ChainCompany(
            companions,
            companions,
            companions,
            2 * _rows,
            companions,
            ObservableTerm.BytesFor(2, points, component.Restriction.Dimension)
        )
        {
            DrawFactor = component.IsFull ? _design.FullDrawFactor : 1,
        };
    }

    private SamplingWork Work() =>
        new()
        {
            Layout = _experiment.Model.Layout,
            RowLength = _experiment.Probes.Select(probe => probe.Rows.ContextLength).Append(_experiment.Data.ContextLength).Max(),
            Components = _inputs.Components,
            Sampling = _design.Sampling,
            Company = CompanyOf,
            BatchSize = _experiment.BatchSize,
            Workers = _machine.Pool.Workers,
            Evaluated =
            [
                new EvaluatedRows(_experiment.LossRowCount, (long)_experiment.LossRowCount * (_experiment.Data.ContextLength - 1)),
                new EvaluatedRows(_probe.Rows.Count, _probe.Count),
            ],
            BytesThroughout = _experiment.Data.MemoryBytes + _experiment.Probes.Sum(probe => probe.Rows.MemoryBytes),
            BytesPerComponent = PerturbedTrace.BytesFor(
                1 + _companions.Count,
                _design.Sampling.Chains,
                _design.Sampling.Draws * _design.FullDrawFactor
            ),
            BytesPerEvaluation = sizeof(double) * (long)(_experiment.LossRowCount + _probe.Rows.Count),
        };
}
