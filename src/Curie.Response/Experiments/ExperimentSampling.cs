using Curie.Networks.Components;
using Curie.Networks.Restricted;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Response.Accumulation;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;
using Curie.Sampling.Shards;

namespace Curie.Response.Experiments;

/// <summary>
/// The sampling behind an experiment: which tokens are followed, what is sampled together, and then the losses at w* and group by group the
/// components' sums.
/// </summary>
internal sealed class ExperimentSampling
{
    private readonly SusceptibilityInputs _inputs;
    private readonly Machine _machine;

    /// <summary>Prepares and plans the sampling.</summary>
    /// <param name="inputs">What defines it.</param>
    /// <param name="order">The components that are sampled.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <param name="parts">What is sampled here of them; null for everything.</param>
    /// <exception cref="InputException">A setting does not fit the model or the data.</exception>
    public ExperimentSampling(
        SusceptibilityInputs inputs,
        IReadOnlyList<Component> order,
        Machine machine,
        IReadOnlyList<ShardPart>? parts = null
    )
    {
        _inputs = inputs;
        _machine = machine;
        Order = order;
        Design = ExperimentDesign.Of(inputs);
        Selections = [.. inputs.Probes.Select(ProbeSelection.Choose)];
        Observed = inputs.Observable is { } observable ? ObservedTokens.Of(observable, Selections) : null;
        Layout = new ProbeLayout([.. Selections.Select(s => s.Probe.Name)], [.. Selections.Select(s => s.Count)])
        {
            Sampled = TokenSample.Choose(Selections.Sum(s => s.Count), inputs.Sampling.Seed),
        };
        Shape = new RunShape(
            order.Count(component => !component.IsFull),
            Selections.Count,
            Layout.Tokens,
            Design.Sampling.Chains,
            Design.Sampling.Draws,
            Design.Batches.Batches,
            Layout.Sampled.Count,
            Design.Sampling.Units
        );
        Context = new ShareContext(Layout, Design, Observed is null);
        Parts = parts ?? [new ShardPart(order, ChainRange.All(Design.Sampling))];
        Plan = SamplingPlan.Make(Work() with { Parts = Parts }, inputs.Memory);
    }

    /// <summary>What is measured, and how.</summary>
    public ExperimentDesign Design { get; }

    /// <summary>The components that are sampled.</summary>
    public IReadOnlyList<Component> Order { get; }

    /// <summary>The tokens that are followed, probe by probe.</summary>
    public IReadOnlyList<ProbeSelection> Selections { get; }

    /// <summary>The tokens whose loss is observed; null where that is P.</summary>
    public ObservedTokens? Observed { get; }

    /// <summary>The probes, for the sums.</summary>
    public ProbeLayout Layout { get; }

    /// <summary>What the sums of all components have in common.</summary>
    public ShareContext Context { get; }

    /// <summary>What is sampled here.</summary>
    public IReadOnlyList<ShardPart> Parts { get; }

    /// <summary>The sizes of the result.</summary>
    public RunShape Shape { get; }

    /// <summary>Which components are sampled together, and what it costs.</summary>
    public SamplingPlan Plan { get; }

    /// <summary>
    /// The tokens evaluated here: forward passes at draws, of chains and companions, and three times the tokens of gradient steps.
    /// </summary>
    public long TokenEvaluations =>
        Parts.Sum(part =>
            part.Components.Sum(component =>
                (long)((double)WorkOf(component).Total * part.Chains.Count / Design.For(component).Sampling.Chains)
            )
        );

    /// <summary>What a component costs, in token evaluations, whatever the plan.</summary>
    public TokenWork WorkOf(Component component)
    {
        ChainCompany company = _inputs.CompanyOf(component, Design);
        long followed = Selections.Sum(s => (long)s.Rows.Count * (s.Probe.Rows.ContextLength - 1));
        double perDraw = followed + ((double)_inputs.LossRowCount * (_inputs.Data.ContextLength - 1));
        double rows = (_inputs.BatchSize * (1.0 + company.LossGradients)) + (company.ObservableRows * company.ObservableGradients);
        double perStep = 3 * rows * (_inputs.Data.ContextLength - 1);
        SamplingOptions sampling = Design.For(component).Sampling;
        return new TokenWork(
            sampling.Chains * (long)(perStep * sampling.BurnIn),
            sampling.Chains
                * (long)((perDraw * sampling.Draws * (1 + company.Evaluations)) + (perStep * (sampling.UpdatesPerChain - sampling.BurnIn)))
        );
    }

    /// <summary>The losses at w*, along the path that every shortcut is tested against.</summary>
    /// <exception cref="InputException">A loss is not finite.</exception>
    public InitialLosses MeasureInitial(FrozenNetwork network)
    {
        Component full = new ComponentParser(_inputs.Model.Layout).Parse(Component.FullName);
        return InitialLosses.Measure(network, full, Selections, _inputs.Data, _inputs.LossRowIndices, _inputs.CountedPositions);
    }

    /// <summary>Samples every group of the plan.</summary>
    /// <param name="network">The network at w*.</param>
    /// <param name="initial">The losses there.</param>
    /// <param name="states">Where each component is saved; null for nowhere.</param>
    /// <param name="resume">Continue what was saved.</param>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="finished">Given the share of every component, group by group; it is disposed afterwards.</param>
    /// <param name="cancellation">Stops between two updates or evaluations.</param>
    /// <exception cref="InputException">A file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public void Run(
        FrozenNetwork network,
        InitialLosses initial,
        SavedStates? states,
        bool resume,
        IProgress<SamplingProgress>? progress,
        Action<Component, ComponentShare> finished,
        CancellationToken cancellation
    )
    {
        GroupSampler sampler = new(_inputs, Context, Selections, Observed, initial, network, _machine);
        foreach (PlannedGroup group in Plan.Groups)
        {
            sampler.Run(group, states, resume, progress, finished, cancellation);
        }
    }

    /// <summary>The work of the whole experiment, whatever is sampled here.</summary>
    public SamplingWork Work() =>
        new()
        {
            Layout = _inputs.Model.Layout,
            RowLength = _inputs.Probes.Select(probe => probe.Rows.ContextLength).Append(_inputs.Data.ContextLength).Max(),
            Components = Order,
            Sampling = Design.Sampling,
            Company = component => _inputs.CompanyOf(component, Design),
            BatchSize = _inputs.BatchSize,
            Workers = _machine.Pool.Workers,
            Evaluated =
            [
                new EvaluatedRows(_inputs.LossRowCount, (long)_inputs.LossRowCount * (_inputs.Data.ContextLength - 1))
                {
                    CompanionRows = (double)_inputs.LossRowCount / MeanLoss.BlocksOf(_inputs.LossRowCount),
                },
                .. Selections.Select(selection => new EvaluatedRows(selection.Rows.Count, selection.Count)),
            ],
            BytesThroughout =
                _inputs.Data.MemoryBytes
                + (_inputs.CountedPositions?.MemoryBytes ?? 0)
                + Selections.Sum(selection => selection.Probe.Rows.MemoryBytes + selection.Bytes)
                + SusceptibilityData.BytesFor(Shape),
            BytesPerComponent = ComponentInProgress.BytesFor(Shape, Design.HasLevels) + GradientAlignment.BytesFor(Shape),
            BytesPerEvaluation = ProbeLosses.BytesPerEvaluation(Selections),
        };
}
