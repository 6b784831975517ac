using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics.Parallelism;
using Curie.Response.Experiments;
using Curie.Sampling.Networks;
using Curie.Studies.Configuration;
using Curie.Text.Packing;

namespace Curie.Studies.Susceptibilities;

/// <summary>The model and the rows that an experiment or a scan names, read and checked against each other.</summary>
internal sealed class LoadedExperiment : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly TokenRows? _data;

    /// <summary>Reads what an experiment names.</summary>
    /// <exception cref="Numerics.InputException">A file is missing or damaged, a token id or a row does not fit the model, or a component
    /// is not one of its.</exception>
    public LoadedExperiment(string model, SamplingConfiguration sampling, IReadOnlyList<ProbeConfiguration> probes)
        : this(model, sampling.Components, sampling.Data, sampling.Positions, probes) { }

    /// <summary>Reads what a scan names.</summary>
    /// <exception cref="Numerics.InputException">As for an experiment.</exception>
    public LoadedExperiment(ScanConfiguration scan)
        : this(scan.Model, scan.Components, scan.Data, scan.Positions, scan.Probes) { }

    private LoadedExperiment(
        string model,
        IReadOnlyList<string> components,
        string? data,
        string? positions,
        IReadOnlyList<ProbeConfiguration> probes
    )
    {
        try
        {
            Model = Own(ModelReader.Load(model));
            Components = new ComponentParser(Model.Layout).ParseAll(components);
            if (data is not null)
            {
                _data = Rows(data, PositionsKey.Rule(positions), out CountedPositions? counted);
                CountedPositions = counted;
            }

            Probes = [.. probes.Select(probe => Probe(probe, PositionsKey.RuleOf(probe, positions, data)))];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>w*.</summary>
    public ParameterSet Model { get; }

    /// <summary>The components that the settings name.</summary>
    public IReadOnlyList<Component> Components { get; }

    /// <summary>The rows whose loss defines the posterior, or of which some give P of a scan.</summary>
    /// <exception cref="InvalidOperationException">A scan names none.</exception>
    public TokenRows Data => _data ?? throw new InvalidOperationException("No rows were named.");

    /// <summary>Which positions of these rows count; null for all.</summary>
    public CountedPositions? CountedPositions { get; }

    /// <summary>The probes, in order.</summary>
    public IReadOnlyList<ProbeInput> Probes { get; }

    /// <summary>Says whether the rows that give P are no fair sample of their file; null if they are, by forward passes.</summary>
    public string? CheckLossRows(string file, RowChoice choice, int? count, Machine machine) =>
        LossRowsWords.Warning(LossRowsCheck.Measure(Model, Data, CountedPositions, choice, count, machine), file);

    /// <summary>How long a plan of sampling takes, by a trial of some tenths of a second for each kind of component.</summary>
    public PlanTrial Trial(SamplingPlan plan, SamplingConfiguration sampling, Machine machine) =>
        PlanTrial.Measure(
            plan,
            Model,
            Data,
            ChosenRows.Of(sampling.LossRowsChoice, Data.Count, sampling.LossRows, ChosenRows.LossRows),
            sampling.BatchSize,
            machine
        );

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(owned => owned.Dispose());

    private ProbeInput Probe(ProbeConfiguration probe, PositionRule? rule) =>
        new()
        {
            Name = probe.Name,
            Rows = Rows(probe.Data, rule, out CountedPositions? counted),
            CountedPositions = counted,
            RowLimit = probe.Rows,
            RowChoice = probe.RowsChoice,
            Tokens = probe.Tokens,
        };

    private TokenRows Rows(string path, PositionRule? rule, out CountedPositions? counted) =>
        Own(ModelRows.Load(path, Model.Layout.Config, rule, out counted));

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
