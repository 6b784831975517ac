using Curie.Networks.Components;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Response.Accumulation;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>
/// The control of a susceptibility run: what its figures are where the loss is not felt (nβ = 0) and localisation and noise alone move the
/// weights. The law of such chains is known, a Gaussian around w*, so that it is drawn directly (<see cref="GaussianLevel"/>): every draw
/// is independent, and no chain is run. Its draws come from random streams of its own. It is written as a run of its own.
/// </summary>
/// <remarks>
/// The covariance needs one gradient of P for each draw, as the response of a chain that does not feel the loss is known
/// (<see cref="GaussianLevel"/>); where the run's covariance is a product of fluctuations, the control has neither it nor χ.
/// </remarks>
public sealed class ControlExperiment
{
    /// <summary>The folder inside the run folder.</summary>
    public const string FolderName = "control";

    /// <summary>The share of the run's work that the control may take beside it by default.</summary>
    private const double AutoShare = 0.25;

    /// <summary>Fewer pairs of opposite draws than this have errors that say nothing.</summary>
    private const int FewestPairs = 2 * GaussianLevel.Units;

    /// <summary>The batches of a unit at most: independent draws need no long ones.</summary>
    private const int MostBatches = 4;

    private readonly SusceptibilityInputs _inputs;
    private readonly Machine _machine;
    private readonly ExperimentSampling _sampling;
    private readonly IReadOnlyList<ResponsePart> _parts;

    private ControlExperiment(SusceptibilityInputs inputs, ExperimentSampling sampling, Machine machine, int pairs)
    {
        _inputs = inputs;
        _machine = machine;
        _sampling = sampling;
        Pairs = pairs;
        (int units, int draws) = GaussianLevel.Deal(pairs);
        Shape = sampling.Shape with { Chains = 2 * units, Draws = draws, Batches = Math.Min(MostBatches, draws), Pairs = units };
        _parts =
            sampling.Design.Estimator == CovarianceEstimator.Response
                ? ResponsePart.All
                : [.. ResponsePart.All.Where(part => !part.UsesCovariance)];
    }

    /// <summary>The pairs of opposite draws of every component.</summary>
    public int Pairs { get; }

    /// <summary>The sizes of the result: a set of pairs of draws stands where a run of chains has a pair of chains.</summary>
    public RunShape Shape { get; }

    /// <summary>The tokens evaluated for it, gradients counted three times.</summary>
    public long TokenEvaluations => (long)(Pairs * _sampling.Order.Sum(component => WorkOfPair(_inputs, _sampling, component)));

    /// <summary>The control that a run asks for.</summary>
    /// <param name="run">The run's own inputs.</param>
    /// <param name="draws">How many draws.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <returns>Null where none is wanted, where the run is a control itself, or where <see cref="WhyNone"/> gives a reason.</returns>
    public static ControlExperiment? Of(SusceptibilityInputs run, ControlDraws draws, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (draws == ControlDraws.None || run.Sampling.NBeta == 0 || WhyNone(run) is not null)
        {
            return null;
        }

        SusceptibilityInputs inputs = run with { Sampling = run.Sampling with { NBeta = 0 } };
        Component full = new ComponentParser(run.Model.Layout).Parse(Component.FullName);
        IReadOnlyList<Component> order = [full, .. run.Components.Where(component => !component.IsFull)];
        ExperimentSampling sampling = new(inputs, order, machine);
        int most = Math.Max(2, run.Sampling.Chains * run.Sampling.Draws / 2);
        int pairs = most;
        if (draws == ControlDraws.Auto)
        {
            double work = new ExperimentSampling(run, order, machine).TokenEvaluations;
            double each = order.Sum(component => WorkOfPair(inputs, sampling, component));
            pairs = (int)Math.Clamp(AutoShare * work / each, Math.Min(FewestPairs, most), most);
        }

        return new ControlExperiment(
            inputs,
            sampling,
            machine,
            pairs < GaussianLevel.Units ? pairs : pairs / GaussianLevel.Units * GaussianLevel.Units
        );
    }

    /// <summary>Why the control of a run cannot be drawn directly, as half a sentence; null if it can.</summary>
    public static string? WhyNone(SusceptibilityInputs run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Observable is not null ? "another observable than the loss is named" : run.Sampling.WhyUncoupled();
    }

    /// <summary>Draws it into its folder, or continues there; one that is complete is left as it is.</summary>
    /// <param name="folder">The control's own folder, which is made if need be.</param>
    /// <param name="resume">Continue what is there.</param>
    /// <param name="progress">Told the tokens evaluated so far.</param>
    /// <param name="cancellation">Stops between two evaluations; components that are done stay.</param>
    /// <returns>The manifest as written.</returns>
    /// <exception cref="InputException">A file cannot be written.</exception>
    /// <exception cref="DivergenceException">A loss is not finite at a draw.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public RunManifest Run(string folder, bool resume, IProgress<double>? progress, CancellationToken cancellation)
    {
        string stateFolder = Path.Combine(folder, SusceptibilityExperiment.StateFolderName);
        RunManifest manifest = Manifest();
        if (
            resume
            && RunFolder.Holds(folder)
            && RunFolder.ReadManifest(folder) is { Complete: true } done
            && done.Fingerprint == manifest.Fingerprint
        )
        {
            return done;
        }

        RunFolder.Begin(folder, manifest);
        Directory.CreateDirectory(stateFolder);
        using TransformerEvaluator evaluator = new(_inputs.Model.Layout.Config, _machine);
        using FrozenNetwork network = new(_inputs.Model, evaluator);
        InitialLosses initial = _sampling.MeasureInitial(network);
        GroupSampler sampler = new(_inputs, _sampling.Context, _sampling.Selections, _sampling.Observed, initial, network, _machine);
        ControlResult result = new(Shape, _parts, _sampling, _inputs, initial);
        SavedStates states = new(stateFolder, manifest.Fingerprint!, _inputs.SaveInterval);
        double before = 0;
        foreach (PlannedGroup group in _sampling.Plan.Groups)
        {
            double each = group.Components.Sum(component => WorkOfPair(_inputs, _sampling, component));
            double start = before;
            sampler.MeasureControl(group, Shape, states, new Progress(progress, start, each), result.Add, cancellation);
            before += each * Pairs;
        }

        RunManifest complete = RunFolder.Write(folder, manifest with { Health = result.Health }, result.Data);
        Directory.Delete(stateFolder, recursive: true);
        return complete;
    }

    /// <summary>
    /// The token evaluations of a pair of opposite draws of a component: its losses, those of its shadows, and two gradients.
    /// </summary>
    private static double WorkOfPair(SusceptibilityInputs inputs, ExperimentSampling sampling, Component component)
    {
        bool response = inputs.HasResponse(component, sampling.Design);
        long followed = sampling.Selections.Sum(s => (long)s.Rows.Count * (s.Probe.Rows.ContextLength - 1));
        double evaluated = followed + ((double)inputs.LossRowCount * (inputs.Data.ContextLength - 1));
        double gradient = 3.0 * sampling.Design.ObservableRows * (inputs.Data.ContextLength - 1);
        return 2 * (response ? (2 * evaluated) + gradient : evaluated);
    }

    private RunManifest Manifest() =>
        new()
        {
            Versions = RunVersions.Of(_machine.Kernels),
            Seeds = new Dictionary<string, long>
            {
                ["sampling"] = _inputs.Sampling.Seed,
                [RunManifest.ChainSeedName] = _inputs.Sampling.ChainSeed,
            },
            Configuration = _inputs.Configuration,
            Fingerprint = FormattableString.Invariant($"{_inputs.Fingerprint} control {Pairs}"),
            Components = [.. _sampling.Order.Where(component => !component.IsFull).Select(component => component.Name)],
            ProbeNames = [.. _sampling.Selections.Select(s => s.Probe.Name)],
            Shape = Shape,
            Control = true,
            IsDrawnDirectly = true,
            Estimator = _sampling.Design.Estimator,
            Parts = _parts.Count == ResponsePart.All.Count ? null : [.. _parts.Select(part => part.Name)],
        };

    /// <summary>Turns pairs of one group into token evaluations of all.</summary>
    private sealed class Progress(IProgress<double>? inner, double before, double each) : IProgress<int>
    {
        public void Report(int value) => inner?.Report(before + (each * value));
    }
}
