using Curie.Networks.Components;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Response.Runs;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Networks;
using Curie.Sampling.Shards;

namespace Curie.Response.Experiments;

/// <summary>
/// Runs a susceptibility experiment into a run folder: the losses at w*, then <c>full</c>, then the groups of components, each sampled,
/// accumulated in one pass and saved as it goes; then the estimates. Or runs a shard of it, and merges the shards: the result has the same
/// bytes.
/// </summary>
public sealed class SusceptibilityExperiment
{
    /// <summary>The folder inside the run folder that holds NAME.state of every component until the run is complete.</summary>
    public const string StateFolderName = "state";

    /// <summary>The kind of study that shards' files name.</summary>
    public const string StudyName = "susceptibility";

    private const string InitialEntry = "initial_losses";

    private readonly SusceptibilityInputs _inputs;
    private readonly Machine _machine;
    private readonly ExperimentSampling _sampling;
    private readonly Component _full;
    private readonly IReadOnlyList<Component> _components;
    private readonly Dictionary<string, int> _places;

    /// <summary>Prepares an experiment; nothing is written.</summary>
    /// <param name="inputs">What defines it.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <param name="parts">What is sampled here, of a shard; null for everything. Empty for a merge, which samples nothing.</param>
    /// <exception cref="InputException">A setting does not fit the model or the data.</exception>
    public SusceptibilityExperiment(SusceptibilityInputs inputs, Machine machine, IReadOnlyList<ShardPart>? parts = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        inputs.Validate();
        _inputs = inputs;
        _machine = machine;
        _full = new ComponentParser(inputs.Model.Layout).Parse(Component.FullName);
        _components = [.. inputs.Components.Where(component => !component.IsFull)];
        _places = _components.Select((component, place) => (component.Name, place)).ToDictionary();
        _sampling = new ExperimentSampling(inputs, [_full, .. _components], machine, parts);
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
    /// The tokens evaluated here: forward passes at draws, of chains and companions, and three times the tokens of gradient steps.
    /// </summary>
    public long TokenEvaluations => _sampling.TokenEvaluations;

    /// <summary>Cuts the experiment into shards that take about equally long.</summary>
    /// <param name="shards">How many are wanted, at least 1; there may be fewer.</param>
    /// <param name="runs">How many times it is done, on models of the same architecture.</param>
    public IReadOnlyList<Shard> Cut(int shards, int runs = 1)
    {
        SamplingWork work = _sampling.Work();
        return ShardCut.Make(runs, RestrictedGroups.Partition(work.Layout, work.Components), Design.Sampling, shards, part =>
            PlanOf([part]).Operations
        );
    }

    /// <summary>What some parts of the experiment take.</summary>
    /// <exception cref="InputException">They need more memory than is allowed.</exception>
    public SamplingPlan PlanOf(IReadOnlyList<ShardPart> parts) =>
        SamplingPlan.Make(_sampling.Work() with { Parts = parts }, _inputs.Memory);

    /// <summary>The bytes that all shares of all components take in shards' files.</summary>
    public double ShareBytes => Shape.Runs * (double)ComponentInProgress.BytesFor(Shape, Design.HasLevels);

    /// <summary>
    /// The memory that a merge takes, in bytes: the model and the rows, the result, and one share of a component; it does not grow with the
    /// number of shards.
    /// </summary>
    public long MergeBytes =>
        PlanOf([]).BytesThroughout + ComponentInProgress.BytesFor(Shape, Design.HasLevels) + GradientAlignment.BytesFor(Shape);

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
        RunFolder.Begin(folder, Manifest());
        using TransformerEvaluator evaluator = new(_inputs.Model.Layout.Config, _machine);
        using FrozenNetwork network = new(_inputs.Model, evaluator);
        InitialLosses initial = _sampling.MeasureInitial(network);
        ResultBuilder result = Result(initial);
        _sampling.Run(
            network,
            initial,
            new SavedStates(stateFolder, _inputs.Fingerprint, _inputs.SaveInterval),
            resume,
            progress,
            (component, share) =>
            {
                using ComponentMerge merge = ComponentMerge.Of(component, _sampling.Context, share);
                result.Add(PlaceOf(component), merge.Complete());
            },
            cancellation
        );
        RunManifest complete = Complete(folder, result);
        DeleteStateFolder(folder);
        return complete;
    }

    /// <summary>Samples what a shard holds, or continues it, into one file.</summary>
    /// <param name="header">What the file says of itself.</param>
    /// <param name="path">The file.</param>
    /// <param name="states">Where it is saved on the way.</param>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="cancellation">Stops between two updates or evaluations; as in <see cref="Run"/>, what was saved last stays.</param>
    /// <exception cref="InputException">The folder's states are another's, the loss at w* is not finite, or a file cannot be
    /// written.</exception>
    /// <exception cref="OperationCanceledException">The shard was stopped.</exception>
    public void RunShard(
        ShardHeader header,
        string path,
        SavedStates states,
        IProgress<SamplingProgress>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(states);
        using TransformerEvaluator evaluator = new(_inputs.Model.Layout.Config, _machine);
        using FrozenNetwork network = new(_inputs.Model, evaluator);
        InitialLosses initial = _sampling.MeasureInitial(network);
        _sampling.Run(network, initial, states, resume: true, progress, (_, _) => { }, cancellation);
        ShardFile.Write(path, header, Shares().Prepend((InitialEntry, initial.Write)));

        IEnumerable<(string Name, Action<Stream> Write)> Shares() =>
            from part in _sampling.Parts
            from component in part.Components
            select (
                ShardNames.Entry(component, part.Chains),
                (Action<Stream>)(
                    stream =>
                    {
                        using ComponentShare share = states
                            .FileOf(component, part.Chains, Design.Sampling)
                            .ReadResult(saved => ComponentShare.Read(saved, component, _sampling.Context))
                            ?? throw new InputException(
                                $"{states.Folder}: the finished state of {component.Name} is gone; run the shard again."
                            );
                        share.Write(stream);
                    }
                )
            );
    }

    /// <summary>
    /// Merges the shards of an experiment into a run folder: component by component in their order and chain by chain in theirs, one share
    /// in
    /// memory at a time.
    /// </summary>
    /// <param name="folder">The run folder, which exists.</param>
    /// <param name="shards">The files of all shards.</param>
    /// <param name="fingerprint">The fingerprint of the cut experiment.</param>
    /// <param name="count">The number of shards.</param>
    /// <param name="merged">Told of every component that is done.</param>
    /// <returns>The manifest as written.</returns>
    /// <exception cref="InputException">A shard is missing, there twice, damaged or another's; chains of a component are missing; or a file
    /// cannot be written.</exception>
    /// <exception cref="DivergenceException">Every chain of <c>full</c> was stopped.</exception>
    public RunManifest Merge(string folder, IReadOnlyList<string> shards, string fingerprint, int count, Action<Component>? merged = null)
    {
        ShardSet set = new(shards, StudyName, fingerprint, count, InitialEntry);
        InitialLosses initial = set.Files[0].Read(InitialEntry, stream => InitialLosses.Read(stream, Shape.Tokens));
        ResultBuilder result = Result(initial);
        foreach (Component component in Order)
        {
            SamplingOptions options = Design.For(component).Sampling;
            using ComponentMerge merge = new(component, _sampling.Context);
            foreach (ChainRange range in set.RangesOf(component, options))
            {
                merge.Add(
                    set.Read(ShardNames.Entry(component, range), stream => ComponentShare.Read(stream, component, _sampling.Context))
                );
            }

            result.Add(PlaceOf(component), merge.Complete());
            merged?.Invoke(component);
        }

        return Complete(folder, result);
    }

    private int PlaceOf(Component component) => component.IsFull ? 0 : 1 + _places[component.Name];

    private ResultBuilder Result(InitialLosses initial) =>
        new(Shape, Design, _inputs.HasResponse(_full, Design), _sampling.Observed is null, _sampling.Selections, _sampling.Layout, initial);

    private RunManifest Complete(string folder, ResultBuilder result)
    {
        RunManifest manifest = Manifest();
        return RunFolder.Write(
            folder,
            manifest with
            {
                Health = result.Health,
                LossRows = LossRowsRecord.Of(
                    LossRowsCheck.Measure(
                        _inputs.Model,
                        _inputs.Data,
                        _inputs.CountedPositions,
                        _inputs.LossRowsChoice,
                        _inputs.LossRows,
                        _machine
                    )
                ),
                Coupling = manifest.Coupling! with { Perturbations = result.Perturbations },
            },
            result.Data
        );
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
            Seeds = new Dictionary<string, long>
            {
                ["sampling"] = _inputs.Sampling.Seed,
                [RunManifest.ChainSeedName] = _inputs.Sampling.ChainSeed,
            },
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
