using System.Text.Json.Nodes;
using Curie.Networks.Data;
using Curie.Sampling;

namespace Curie.Studies.Configuration;

/// <summary>What <c>curie scan</c> is asked for.</summary>
public sealed record ScanConfiguration
{
    /// <summary>The model folder.</summary>
    public required string Model { get; init; }

    /// <summary>The probes.</summary>
    public required IReadOnlyList<ProbeConfiguration> Probes { get; init; }

    /// <summary>The rows of which some give P; null where P is the mean over the tokens of all probes.</summary>
    public string? Data { get; init; }

    /// <summary>Which positions of rows count, as in <see cref="SamplingConfiguration.Positions"/>. Default null: all.</summary>
    public string? Positions { get; init; }

    /// <summary>So many rows of the data give P; null for all. Default 64.</summary>
    public int? LossRows { get; init; } = 64;

    /// <summary>Which. Default the first.</summary>
    public RowChoice LossRowsChoice { get; init; }

    /// <summary>The components. Default every head.</summary>
    public IReadOnlyList<string> Components { get; init; } = ["heads"];

    /// <summary>Localisation, prior, noise, step and seed; the rest is not used.</summary>
    public SamplingOptions Options { get; init; } = new();

    /// <summary>The pairs of opposite draws. Default 64.</summary>
    public int Pairs { get; init; } = 64;

    /// <summary>Threads; 0, the default, for all cores. Results do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>As <see cref="ExperimentConfiguration.AttentionMegabytes"/>. Default 16.</summary>
    public double AttentionMegabytes { get; init; } = AttentionKey.DefaultMegabytes;

    /// <summary>The files and folders that it is read from.</summary>
    public IReadOnlyList<string> Inputs => [Model, .. Probes.Select(probe => probe.Data), .. Data is null ? (string[])[] : [Data]];

    /// <summary>What of an experiment.yaml a scan uses.</summary>
    public static ScanConfiguration Of(ExperimentConfiguration experiment) =>
        new()
        {
            Model = experiment.Model,
            Probes = experiment.Probes,
            Data = experiment.Sampling.Data,
            Positions = experiment.Sampling.Positions,
            LossRows = experiment.Sampling.LossRows,
            LossRowsChoice = experiment.Sampling.LossRowsChoice,
            Components = experiment.Sampling.Components,
            Options = experiment.Sampling.Options,
            Threads = experiment.Threads,
            AttentionMegabytes = experiment.AttentionMegabytes,
        };

    /// <summary>Every setting that is used, given or default, with absolute paths, under the keys of an experiment.yaml.</summary>
    public JsonObject ToJson()
    {
        JsonObject sampling = new()
        {
            ["data"] = Data,
            ["components"] = new JsonArray([.. Components.Select(name => (JsonNode)name)]),
            ["step_size"] = Options.StepSize,
            ["localization"] = Options.Localization,
            ["noise_level"] = Options.NoiseLevel,
            ["loss_rows"] = Data is null ? null : ConfigurationWords.CountOrAll(LossRows),
        };
        RowChoiceKey.Write(sampling, RowChoiceKey.LossRows, LossRowsChoice);
        SamplerKeys.Write(sampling, Options);
        PositionsKey.Write(sampling, Positions);
        return new JsonObject
        {
            ["model"] = Model,
            ["seed"] = Options.Seed,
            ["threads"] = Threads,
            [AttentionKey.Name] = AttentionMegabytes,
            ["scan"] = new JsonObject { ["pairs"] = Pairs },
            ["sampling"] = sampling,
            ["probes"] = new JsonArray([.. Probes.Select(probe => probe.ToJson())]),
        };
    }
}
