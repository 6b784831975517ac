using Curie.Networks.Benchmarking;
using Curie.Networks.Components;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Statistics;
using Curie.Response.Accumulation;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>
/// A first look before any sampling: the excess of every component for every token under the localisation's Gaussian alone,
/// <code>
/// S_C,i = E[(ℓ_i − ℓ_i(w*)) − (P − P(w*))],   w = w* ± σ0·z on C,   z ~ N(0, 1)
/// </code>
/// with opposite draws averaged: forward passes only. Up to fourth order in σ0 it is ½σ0²·(tr_C H_i − tr_C H_P), H the second derivatives
/// in the component's weights.
/// </summary>
public sealed class ScanExperiment
{
    /// <summary>The batches of a unit at most: independent draws need no long ones.</summary>
    private const int MostBatches = 4;

    private static readonly IReadOnlyList<ResponsePart> Parts = [ResponsePart.Shift, ResponsePart.Excess];

    private readonly ScanInputs _inputs;
    private readonly Machine _machine;
    private readonly IReadOnlyList<ProbeSelection> _selections;
    private readonly ProbeLayout _layout;
    private readonly IReadOnlyList<Component> _components;
    private readonly ScanPlan _plan;
    private readonly int[] _lossRows;

    /// <summary>Prepares a scan.</summary>
    /// <exception cref="InputException">A setting does not fit the model or the data, or the memory does not suffice.</exception>
    public ScanExperiment(ScanInputs inputs, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(machine);
        inputs.Validate();
        _inputs = inputs;
        _machine = machine;
        _components = [.. inputs.Components.Where(component => !component.IsFull)];
        _selections = [.. inputs.Probes.Select(ProbeSelection.Choose)];
        _layout = new ProbeLayout([.. _selections.Select(s => s.Probe.Name)], [.. _selections.Select(s => s.Count)])
        {
            Sampled = TokenSample.Choose(_selections.Sum(s => s.Count), inputs.Sampling.Seed),
        };
        (int units, int draws) = GaussianLevel.Deal(inputs.Pairs);
        Shape = new RunShape(
            _components.Count,
            _selections.Count,
            _layout.Tokens,
            2 * units,
            draws,
            Math.Min(MostBatches, draws),
            _layout.Sampled.Count,
            units
        );
        _lossRows = inputs.LossRowIndices;
        _plan = ScanPlan.Make(Work(), inputs.Memory);
    }

    /// <summary>The sizes of the result: a set of pairs of draws stands where a run of chains has a pair of chains.</summary>
    public RunShape Shape { get; }

    /// <summary>The pairs of draws of every component that are made.</summary>
    public int Pairs => Shape.Units * Shape.Draws;

    /// <summary>The rows beside the probes' that give P; 0 where P is the mean over the followed tokens.</summary>
    public int LossRowCount => _lossRows.Length;

    /// <summary>The most bytes that may be held at any time.</summary>
    public long PeakBytes => _plan.PeakBytes;

    /// <summary>The components, in the order of the result.</summary>
    public IReadOnlyList<Component> Components => _components;

    /// <summary>σ0, the standard deviation of every weight of a draw.</summary>
    public double Deviation => _inputs.Sampling.LocalizationDistance(1)!.Value;

    /// <summary>The tokens evaluated in the whole scan.</summary>
    public long TokenEvaluations => 2L * Pairs * _components.Count * TokensPerEvaluation;

    /// <summary>How long the scan takes, by a trial of a tenth of a second for each kind of component.</summary>
    public TimeSpan Try()
    {
        using TransformerEvaluator evaluator = new(_inputs.Model.Layout.Config, _machine);
        using FrozenNetwork network = new(_inputs.Model, evaluator);
        ProbeSelection longest = _selections.MaxBy(selection => selection.Rows.Count)!;
        Dictionary<string, double> paces = [];
        double seconds = 0;
        foreach (ScanGroup group in _plan.Groups)
        {
            string kind = $"{GroupTrial.KindOf(network.Layout, group.Components[0])} {group.Components.Count}";
            if (!paces.TryGetValue(kind, out double pace))
            {
                pace = GroupTrial.SecondsPerToken(
                    network,
                    group.Components,
                    group.Slots,
                    longest.Probe.Rows,
                    longest.Rows,
                    group.FrozenShare
                );
                paces.Add(kind, pace);
            }

            seconds += pace * 2 * Pairs * group.Components.Count * TokensPerEvaluation;
        }

        return TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 2));
    }

    private long TokensPerEvaluation =>
        _selections.Sum(s => (long)s.Rows.Count * (s.Probe.Rows.ContextLength - 1))
        + (_inputs.Data is { } data ? (long)LossRowCount * (data.ContextLength - 1) : 0);

    /// <summary>Runs the scan; nothing is written.</summary>
    /// <param name="progress">Told the tokens evaluated so far.</param>
    /// <param name="cancellation">Stops between two evaluations.</param>
    /// <returns>What a run folder holds.</returns>
    /// <exception cref="InputException">A loss is not finite at the checkpoint.</exception>
    /// <exception cref="DivergenceException">A loss is not finite at a draw.</exception>
    /// <exception cref="OperationCanceledException">The scan was stopped.</exception>
    public SusceptibilityRun Run(IProgress<long>? progress, CancellationToken cancellation)
    {
        using TransformerEvaluator evaluator = new(_inputs.Model.Layout.Config, _machine);
        using FrozenNetwork network = new(_inputs.Model, evaluator);
        Component full = new ComponentParser(_inputs.Model.Layout).Parse(Component.FullName);
        InitialLosses initial = InitialLosses.Measure(network, full, _selections, _inputs.Data, _lossRows, _inputs.CountedPositions);
        ScanResult result = new(Shape, Parts, _selections, _layout, initial);
        ScanHealth health = new(_inputs.Model.Layout.Config, _inputs.Sampling, Shape, initial.Mean);
        ComponentHealth[] verdicts = new ComponentHealth[Shape.Runs];
        verdicts[0] = ScanHealth.OfFull();
        Dictionary<string, int> places = _components
            .Select((component, place) => (component.Name, place))
            .ToDictionary(pair => pair.Name, pair => pair.place);
        int done = 0;
        foreach (ScanGroup planned in _plan.Groups)
        {
            Progress pairs = new(progress, 2 * TokensPerEvaluation, (long)done * Pairs, planned.Components.Count);
            Scan(
                network,
                planned,
                initial,
                pairs,
                (component, moments, traces) =>
                {
                    result.Add(places[component.Name], moments, traces);
                    verdicts[places[component.Name] + 1] = health.Of(component, moments);
                },
                cancellation
            );
            done += planned.Components.Count;
        }

        return new SusceptibilityRun(Manifest() with { Health = verdicts }, result.Data);
    }

    private void Scan(
        FrozenNetwork network,
        ScanGroup planned,
        InitialLosses initial,
        Progress progress,
        Action<Component, ComponentMoments, double[][]> finished,
        CancellationToken cancellation
    )
    {
        using IRestrictedGroup group = RestrictedGroups.Create(network, planned.Components, planned.Slots);
        using MeanLoss? meanLoss = _inputs.Data is { } data
            ? new MeanLoss(group, data, _lossRows, NetworkObserver.CapacityOf(group), planned.FrozenMemory, _inputs.CountedPositions)
            : null;
        using ProbeLosses probes = new(group, _selections, planned.FrozenMemory - (meanLoss?.FrozenBytes ?? 0));
        meanLoss?.UseSpareMemory(planned.FrozenMemory - meanLoss.FrozenBytes - probes.FrozenBytes);
        probes.UseSpareMemory(planned.FrozenMemory - (meanLoss?.FrozenBytes ?? 0) - probes.FrozenBytes);
        using GaussianLevel level = new(
            group,
            meanLoss,
            probes,
            initial,
            observed: null,
            _inputs.Sampling,
            surfaces: null,
            perturbations: [],
            _machine
        );
        ComponentMoments[] moments = [.. planned.Components.Select(component => new ComponentMoments(component.Name, _layout))];
        double[][][] traces =
        [
            .. planned.Components.Select(_ => Enumerable.Range(0, Shape.Chains).Select(_ => new double[Shape.Draws]).ToArray()),
        ];
        try
        {
            level.Measure(moments, _inputs.Pairs, Shape.Batches, traces, progress, cancellation);
            for (int place = 0; place < moments.Length; place++)
            {
                finished(planned.Components[place], moments[place], traces[place]);
            }
        }
        finally
        {
            Array.ForEach(moments, one => one.Dispose());
        }
    }

    private ScanWork Work()
    {
        long unit = TokenAccumulator.BytesFor(Shape.Tokens) + BatchRecord.BytesFor(Shape.SampledTokens, Shape.Batches);
        return new ScanWork
        {
            Layout = _inputs.Model.Layout,
            RowLength = Math.Max(_inputs.Data?.ContextLength ?? 2, _selections.Max(selection => selection.Probe.Rows.ContextLength)),
            Components = _components,
            Workers = _machine.Pool.Workers,
            Vectors = 2 * Shape.Draws,
            Rows = LossRowCount + _selections.Sum(selection => (long)selection.Rows.Count),
            BytesThroughout =
                (_inputs.Data?.MemoryBytes ?? 0)
                + _selections.Sum(selection => selection.Probe.Rows.MemoryBytes + selection.Bytes)
                + SusceptibilityData.BytesFor(Shape),
            BytesPerComponent =
                unit + (Shape.Units * BatchRecord.BytesFor(Shape.SampledTokens, Shape.Batches)) + TokenMoments.BytesFor(Shape.Tokens),
            BytesPerEvaluation = ProbeLosses.BytesPerEvaluation(_selections),
        };
    }

    private RunManifest Manifest() =>
        new()
        {
            Versions = RunVersions.Of(_machine.Kernels),
            Seeds = new Dictionary<string, long> { ["sampling"] = _inputs.Sampling.Seed },
            Configuration = _inputs.Configuration,
            Fingerprint = _inputs.Fingerprint,
            Components = [.. _components.Select(component => component.Name)],
            ProbeNames = [.. _selections.Select(s => s.Probe.Name)],
            Shape = Shape,
            Scan = true,
            LossRows = _inputs.Data is null
                ? null
                : LossRowsRecord.Of(
                    LossRowsCheck.Measure(
                        _inputs.Model,
                        _inputs.Data,
                        _inputs.CountedPositions,
                        _inputs.LossRowsChoice,
                        _inputs.LossRows,
                        _machine
                    )
                ),
            Parts = [.. Parts.Select(part => part.Name)],
        };

    /// <summary>Turns pairs of one group into tokens of the whole scan.</summary>
    private sealed class Progress(IProgress<long>? inner, long tokensPerPair, long pairsBefore, int components) : IProgress<int>
    {
        public void Report(int value) => inner?.Report(tokensPerPair * (pairsBefore + ((long)value * components)));
    }
}
