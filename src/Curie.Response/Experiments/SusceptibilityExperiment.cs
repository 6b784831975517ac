using Curie.Networks.Components;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Response.Runs;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>
/// Runs a susceptibility experiment into a run folder: the losses at w*, then <c>full</c>, then the groups of components, each sampled,
/// accumulated
/// in one pass and saved as it goes; then the estimates.
/// </summary>
public sealed class SusceptibilityExperiment
{
    /// <summary>The folder inside the run folder that holds NAME.state of every component until the run is complete.</summary>
    public const string StateFolderName = "state";

    private readonly SusceptibilityInputs _inputs;
    private readonly Machine _machine;
    private readonly ExperimentSampling _sampling;
    private readonly Component _full;
    private readonly IReadOnlyList<Component> _components;

    /// <summary>Prepares an experiment; nothing is written.</summary>
    /// <exception cref="InputException">A setting does not fit the model or the data.</exception>
    public SusceptibilityExperiment(SusceptibilityInputs inputs, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        inputs.Validate();
        _inputs = inputs;
        _machine = machine;
        _full = new ComponentParser(inputs.Model.Layout).Parse(Component.FullName);
        _components = [.. inputs.Components.Where(component => !component.IsFull)];
        _sampling = new ExperimentSampling(inputs, [_full, .. _components], machine);
        if (Design.Sampling.BurnIn == int.MaxValue)
        {
            throw new InputException(
                FormattableString.Invariant(
                    $"sampling.step_size is {inputs.Sampling.StepSize}, with which a response takes more than {int.MaxValue} updates to "
                ) + "build up; give a larger step_size, or a larger localization."
            );
        }
    }

    /// <summary>What is measured, and how.</summary>
    public ExperimentDesign Design => _sampling.Design;

    /// <summary>The sizes of the result.</summary>
    public RunShape Shape => _sampling.Shape;

    /// <summary>All components, <c>full</c> first: the order of the results.</summary>
    public IReadOnlyList<Component> Order => _sampling.Order;

    /// <summary>Which components are sampled together, and what the run costs.</summary>
    public SamplingPlan Plan => _sampling.Plan;

    /// <summary>
    /// The tokens evaluated in the whole experiment: forward passes at draws, of chains and companions, and three times the tokens of
    /// gradient steps.
    /// </summary>
    public long TokenEvaluations => Order.Sum(component => _sampling.WorkOf(component).Total);

    /// <summary>Runs the experiment, or continues the one that the folder holds; one that is complete is left as it is.</summary>
    /// <param name="folder">The run folder, which exists.</param>
    /// <param name="resume">Continue what is there.</param>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="cancellation">
    /// Stops between two updates or evaluations. What was saved last stays: no more than <see cref="SusceptibilityInputs.SaveInterval"/>
    /// and one draw is lost.
    /// </param>
    /// <returns>The manifest as written.</returns>
    /// <exception cref="InputException">The folder's run is another's, the loss at w* is not finite, or a file cannot be
    /// written.</exception>
    /// <exception cref="DivergenceException">Every chain of <c>full</c> was stopped.</exception>
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
        using TransformerEvaluator evaluator = new(_inputs.Model.Layout.Config, _machine);
        using FrozenNetwork network = new(_inputs.Model, evaluator);
        InitialLosses initial = _sampling.MeasureInitial(network);
        ResultBuilder result = new(
            Shape,
            Design,
            _inputs.HasResponse(_full, Design),
            _sampling.Observed is null,
            _sampling.Selections,
            _sampling.Layout,
            initial
        );
        Dictionary<string, int> places = Order
            .Select((component, place) => (component.Name, place))
            .ToDictionary(pair => pair.Name, pair => pair.place);
        _sampling.Run(
            network,
            initial,
            stateFolder,
            resume,
            progress,
            sampled => result.Add(places[sampled.Report.Component], sampled),
            cancellation
        );
        RunManifest complete = RunFolder.Write(
            folder,
            manifest with
            {
                Health = result.Health,
                Coupling = manifest.Coupling! with { Perturbations = result.Perturbations },
            },
            result.Data
        );
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
                $"{folder} holds a run with another configuration, model or data; resume with the same ones, or start over with "
                    + "`overwrite`."
            );
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
            throw new InputException($"cannot create the folder {state}: {error.Message} Name another with `out`.", error);
        }

        return state;
    }

    private RunManifest Manifest() =>
        new()
        {
            Versions = RunVersions.Of(_machine.Kernels),
            Seeds = new Dictionary<string, long> { ["sampling"] = _inputs.Sampling.Seed },
            Configuration = _inputs.Configuration,
            Fingerprint = _inputs.Fingerprint,
            Components = [.. _components.Select(component => component.Name)],
            ProbeNames = [.. _sampling.Selections.Select(s => s.Probe.Name)],
            Shape = Shape,
            Control = _inputs.Sampling.NBeta == 0,
            Estimator = Design.Estimator,
            Observable = _sampling.Observed?.Record,
            Coupling = new CouplingRecord(
                Design.Sampling.Antithetic,
                Design.ObservableRows,
                Design.HasLevels ? _inputs.GaussianPairs : 0,
                Design.Sampling.BurnIn,
                Design.BurnInAsked,
                Design.Sampling.Draws * Design.FullDrawFactor,
                Design.Notes
            ),
        };
}
