using Curie.Networks.Components;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Response.Accumulation;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>
/// Runs a susceptibility experiment into a run folder: the losses at w*, then <c>full</c>, then the groups of components, each sampled, accumulated
/// in one pass and saved as it goes; then the estimates.
/// </summary>
public sealed class SusceptibilityExperiment
{
    /// <summary>The folder inside the run folder that holds NAME.state of every component until the run is complete.</summary>
    public const string StateFolderName = "state";

    private readonly SusceptibilityInputs _inputs;
    private readonly Kernels _kernels;
    private readonly WorkerPool _pool;
    private readonly IReadOnlyList<ProbeSelection> _selections;
    private readonly ProbeLayout _layout;
    private readonly Component _full;
    private readonly IReadOnlyList<Component> _components;

    /// <summary>Prepares an experiment; nothing is written.</summary>
    /// <exception cref="InputException">A setting does not fit the model or the data.</exception>
    public SusceptibilityExperiment(SusceptibilityInputs inputs, Kernels kernels, WorkerPool pool)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        inputs.Validate();
        _inputs = inputs;
        Design = ExperimentDesign.Of(inputs);
        _kernels = kernels;
        _pool = pool;
        _selections = [.. inputs.Probes.Select(probe => ProbeSelection.Choose(probe, inputs.Sampling.Seed))];
        _full = new ComponentParser(inputs.Model.Layout).Parse(Component.FullName);
        _components = [.. inputs.Components.Where(component => !component.IsFull)];
        _layout = new ProbeLayout([.. _selections.Select(s => s.Probe.Name)], [.. _selections.Select(s => s.Count)])
        {
            Sampled = TokenSample.Choose(_selections.Sum(s => s.Count), inputs.Sampling.Seed),
        };
        SamplingOptions sampling = Design.Sampling;
        Shape = new RunShape(
            _components.Count, _selections.Count, _layout.Tokens, sampling.Chains, sampling.Draws, Design.Batches.Batches, _layout.Sampled.Count, sampling.Units);
        Plan = SamplingPlan.Make(Work(), inputs.Memory);
    }

    /// <summary>What is measured, and how.</summary>
    public ExperimentDesign Design { get; }

    /// <summary>The sizes of the result.</summary>
    public RunShape Shape { get; }

    /// <summary>All components, <c>full</c> first: the order of the results.</summary>
    public IReadOnlyList<Component> Order => [_full, .. _components];

    /// <summary>Which components are sampled together, and what the run costs.</summary>
    public SamplingPlan Plan { get; }

    /// <summary>The tokens evaluated in the whole experiment: forward passes at draws, of chains and companions, and three times the tokens of gradient steps.</summary>
    public long TokenEvaluations
    {
        get
        {
            long perDraw = _selections.Sum(s => (long)s.Rows.Count * (s.Probe.Rows.ContextLength - 1))
                + ((long)_inputs.LossRowCount * (_inputs.Data.ContextLength - 1));
            return Order.Sum(component =>
            {
                ChainCompany company = _inputs.CompanyOf(component, Design);
                double rows = (_inputs.BatchSize * (1.0 + company.LossGradients)) + (company.ObservableRows * company.ObservableGradients);
                double perStep = 3 * rows * (_inputs.Data.ContextLength - 1);
                SamplingOptions sampling = Design.For(component).Sampling;
                return sampling.Chains * (long)((perDraw * sampling.Draws * (1 + company.Evaluations)) + (perStep * sampling.UpdatesPerChain));
            });
        }
    }

    /// <summary>Runs the experiment, or continues the one that the folder holds; one that is complete is left as it is.</summary>
    /// <param name="folder">The run folder, which exists.</param>
    /// <param name="resume">Continue what is there.</param>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="cancellation">
    /// Stops between two updates or evaluations. What was saved last stays: no more than <see cref="SusceptibilityInputs.SaveInterval"/> and one draw is lost.
    /// </param>
    /// <returns>The manifest as written.</returns>
    /// <exception cref="InputException">The folder's run is another's, the loss at w* is not finite, every chain of <c>full</c> was stopped, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public RunManifest Run(string folder, bool resume, IProgress<SamplingProgress>? progress, CancellationToken cancellation)
    {
        if (resume && CompleteRun(folder) is { } done)
        {
            DeleteStateFolder(folder);
            return done;
        }

        string stateFolder = CreateStateFolder(folder);
        RunManifest manifest = Manifest();
        RunFolder.Begin(folder, manifest);
        using TransformerEvaluator evaluator = new(_inputs.Model.Layout.Config, _kernels, _pool);
        using FrozenNetwork network = new(_inputs.Model, evaluator);
        InitialLosses initial = InitialLosses.Measure(network, _full, _selections, _inputs.Data, _inputs.LossRowCount);
        GroupSampler sampler = new(_inputs, Design, _selections, _layout, initial, network, _kernels, _pool);
        ResultBuilder result = new(Shape, Design, _inputs.HasResponse(_full, Design), _selections, _layout, initial);
        Dictionary<string, int> places = Order.Select((component, place) => (component.Name, place)).ToDictionary(pair => pair.Name, pair => pair.place);
        foreach (PlannedGroup group in Plan.Groups)
        {
            sampler.Run(
                group, stateFolder, resume, progress, sampled => result.Add(places[sampled.Report.Component], sampled), cancellation);
        }

        RunManifest complete = RunFolder.Write(
            folder,
            manifest with { Health = result.Health, Coupling = manifest.Coupling! with { Perturbations = result.Perturbations } },
            result.Data);
        DeleteStateFolder(folder);
        return complete;
    }

    private static void DeleteStateFolder(string folder)
    {
        string state = Path.Combine(folder, StateFolderName);
        if (Directory.Exists(state))
        {
            Directory.Delete(state, recursive: true);
        }
    }

    /// <summary>The manifest of the run in the folder if nothing is left to do there; null if there is none or it is in progress.</summary>
    private RunManifest? CompleteRun(string folder)
    {
        if (!RunFolder.Holds(folder))
        {
            return null;
        }

        RunManifest earlier = RunFolder.ReadManifest(folder);
        if (earlier.Fingerprint != _inputs.Fingerprint)
        {
            throw new InputException(
                $"{folder} holds a run with another configuration, model or data; resume with the same ones, or start over with --overwrite.");
        }

        return earlier.Complete && File.Exists(Path.Combine(folder, RunFolder.ArrayFileName)) ? earlier : null;
    }

    private static string CreateStateFolder(string folder)
    {
        string state = Path.Combine(folder, StateFolderName);
        try
        {
            Directory.CreateDirectory(state);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"cannot create the folder {state}: {error.Message} Name another with --out.", error);
        }

        return state;
    }

    private SamplingWork Work()
    {
        return new SamplingWork
        {
            Layout = _inputs.Model.Layout,
            Components = Order,
            Sampling = Design.Sampling,
            Company = component => _inputs.CompanyOf(component, Design),
            BatchSize = _inputs.BatchSize,
            Workers = _pool.Workers,
            Evaluated =
            [
                new EvaluatedRows(_inputs.LossRowCount, (long)_inputs.LossRowCount * (_inputs.Data.ContextLength - 1))
                {
                    CompanionRows = (double)_inputs.LossRowCount / MeanLoss.BlocksOf(_inputs.LossRowCount),
                },
                .. _selections.Select(selection => new EvaluatedRows(selection.Rows.Count, selection.Count)),
            ],
            BytesThroughout = _inputs.Data.MemoryBytes + _selections.Sum(selection => selection.Probe.Rows.MemoryBytes + selection.Bytes) + SusceptibilityData.BytesFor(Shape),
            BytesPerComponent = ComponentInProgress.BytesFor(Shape, Design.HasLevels) + GradientAlignment.BytesFor(Shape),
            BytesPerEvaluation = ProbeLosses.BytesPerEvaluation(_selections),
        };
    }

    private RunManifest Manifest() => new()
    {
        Versions = RunVersions.Of(_kernels),
        Seeds = new Dictionary<string, long> { ["sampling"] = _inputs.Sampling.Seed },
        Configuration = _inputs.Configuration,
        Fingerprint = _inputs.Fingerprint,
        Components = [.. _components.Select(component => component.Name)],
        ProbeNames = [.. _selections.Select(s => s.Probe.Name)],
        Shape = Shape,
        Control = _inputs.Sampling.NBeta == 0,
        Estimator = Design.Estimator,
        Coupling = new CouplingRecord(
            Design.Sampling.Antithetic,
            Design.ObservableRows,
            Design.HasLevels ? _inputs.GaussianPairs : 0,
            Design.Sampling.BurnIn,
            Design.BurnInAsked,
            Design.Sampling.Draws * Design.FullDrawFactor,
            Design.Notes),
    };
}
