using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Regression;
using Curie.Numerics;
using Curie.Studies.Configuration.Yaml;

namespace Curie.Studies.Configuration;

/// <summary>An experiment.yaml: a checkpoint, how its posterior is sampled, and the probes whose susceptibilities are wanted.</summary>
public sealed record ExperimentConfiguration
{
    /// <summary>The largest <see cref="AttentionMegabytes"/>.</summary>
    public const double MostAttentionMegabytes = AttentionKey.MostMegabytes;

    /// <summary>The model folder (<c>model</c>, required).</summary>
    public required string Model { get; init; }

    /// <summary>The models after the first, where <c>model</c> is a list; none by default.</summary>
    public IReadOnlyList<string> MoreModels { get; init; } = [];

    /// <summary>What only <c>curie llc</c> reads (<c>llc</c>).</summary>
    public StudyConfiguration Study { get; init; } = new();

    /// <summary>Threads (<c>threads</c>); 0, the default, for all cores. Results do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// At most so many megabytes of the heads' attention to the probes' text are kept beside a run, for its page
    /// (<c>attention_megabytes</c>); 0 for none. Default 16.
    /// </summary>
    public double AttentionMegabytes { get; init; } = AttentionKey.DefaultMegabytes;

    /// <summary>The <c>sampling</c> section (required); it also holds the experiment's <c>seed</c>, by default 1.</summary>
    public required SamplingConfiguration Sampling { get; init; }

    /// <summary>The probes (<c>probes</c>), none by default.</summary>
    public IReadOnlyList<ProbeConfiguration> Probes { get; init; } = [];

    /// <summary>Whether the models are checkpoints: several, a folder that holds some, or a pattern.</summary>
    public bool HasCheckpoints => MoreModels.Count > 0 || (!CheckpointSelection.IsModel(Model) && CheckpointSelection.HoldsModels(Model));

    /// <summary>The files and folders that it is read from.</summary>
    public IReadOnlyList<string> Inputs =>
        [
            Model,
            .. MoreModels,
            .. Sampling.Data is { Length: > 0 } data ? (string[])[data] : [],
            .. Probes.Select(probe => probe.Data),
            .. Study.Data.Select(other => other.Path),
            .. Study.Against is { } against ? (string[])[against] : [],
        ];

    /// <summary>The same experiment, every path made absolute: for who reads it from another folder.</summary>
    public ExperimentConfiguration WithFullPaths() =>
        this with
        {
            Model = Path.GetFullPath(Model),
            MoreModels = [.. MoreModels.Select(Path.GetFullPath)],
            Sampling = Sampling with
            {
                Data = NamedData.WithFullPath(Sampling.Data),
                Positions = PositionsKey.WithFullPath(Sampling.Positions),
            },
            Study = Study with
            {
                Data = [.. Study.Data.Select(data => data with { Path = Path.GetFullPath(data.Path) })],
                Against = Study.Against is { } against ? Path.GetFullPath(against) : null,
            },
        };

    /// <summary>The same experiment with another seed.</summary>
    public ExperimentConfiguration WithSeed(long seed) =>
        this with
        {
            Sampling = Sampling with { Options = Sampling.Options with { Seed = seed } },
        };

    /// <summary>The same experiment as a control, sampled at nβ = 0: chains feel noise and localisation, not the loss.</summary>
    public ExperimentConfiguration AsControl() => this with { Sampling = Sampling with { Options = Sampling.Options with { NBeta = 0 } } };

    /// <summary>Reads a file; relative paths in it are relative to its folder.</summary>
    /// <param name="path">The file.</param>
    /// <param name="severalModels">Whether <c>model</c> may be a list.</param>
    /// <exception cref="InputException">
    /// The file is missing or is not YAML; a key is unknown, missing, repeated, of the wrong type, out of range or in conflict with
    /// another. The message names the file and the line.
    /// </exception>
    public static ExperimentConfiguration Load(string path, bool severalModels = false) => Read(YamlDocument.Read(path), severalModels);

    /// <summary>Reads the configuration that a finished run's manifest holds: what <see cref="ToJson"/> wrote, and JSON is YAML.</summary>
    /// <param name="configuration">The manifest's <c>configuration</c>.</param>
    /// <param name="path">What messages call the file.</param>
    /// <param name="severalModels">Whether <c>model</c> may be a list.</param>
    /// <exception cref="InputException">It is not the configuration of an experiment.</exception>
    public static ExperimentConfiguration Of(JsonElement configuration, string path, bool severalModels = false)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(configuration.GetRawText()));
        return Read(YamlDocument.Read(stream, path), severalModels);
    }

    /// <summary>The same experiment on the model and the rows of another configuration, probe by probe.</summary>
    /// <exception cref="InputException">The other has not a probe of this one.</exception>
    public ExperimentConfiguration WithPathsOf(ExperimentConfiguration other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this with
        {
            Model = other.Model,
            Sampling = Sampling with { Data = other.Sampling.Data, Positions = other.Sampling.Positions },
            Probes =
            [
                .. Probes.Select(probe =>
                    other.Probes.FirstOrDefault(one => one.Name == probe.Name) is { } found
                        ? probe with
                        {
                            Data = found.Data,
                            Positions = found.Positions,
                        }
                        : throw new InputException(
                            $"the configuration has no probe named {probe.Name}, which the run has; give the configuration of the run."
                        )
                ),
            ],
        };
    }

    /// <summary>Every setting, given or default, with absolute paths, under the keys of the YAML file.</summary>
    public JsonObject ToJson() =>
        new()
        {
            ["model"] = Model,
            ["seed"] = Sampling.Options.Seed,
            ["threads"] = Threads,
            [AttentionKey.Name] = AttentionMegabytes,
            ["sampling"] = Sampling.ToJson(),
            ["probes"] = new JsonArray([.. Probes.Select(probe => probe.ToJson())]),
        };

    /// <summary>The same with what only <c>curie llc</c> reads, where any of it is set.</summary>
    public JsonObject ToStudyJson()
    {
        JsonObject json = ToJson();
        JsonObject sampling = (JsonObject)json["sampling"]!;
        CouplingConfiguration.Remove(sampling);
        sampling.Remove(ObservableConfiguration.Key);
        json.Remove(AttentionKey.Name);
        if (MoreModels.Count > 0)
        {
            json["model"] = new JsonArray([.. MoreModels.Prepend(Model).Select(model => (JsonNode)model)]);
        }

        if (Study.ToJson() is { Count: > 0 } study)
        {
            json["llc"] = study;
        }

        return json;
    }

    private static ExperimentConfiguration Read(YamlSection root, bool severalModels)
    {
        IReadOnlyList<string> models = severalModels ? root.FilePaths("model") : [root.FilePath("model")];
        long seed = root.Integer("seed", 0, long.MaxValue, 1);
        int threads = root.Integer("threads", 0, int.MaxValue, 0);
        double attention = AttentionKey.Read(root);
        YamlSection sampling = root.Section("sampling");
        IReadOnlyList<YamlSection> probes = root.Sections("probes");
        YamlSection study = root.OptionalSection("llc");
        root.Finish();
        return new ExperimentConfiguration
        {
            Model = models[0],
            MoreModels = [.. models.Skip(1)],
            Study = StudyConfiguration.Read(study),
            Threads = threads,
            AttentionMegabytes = attention,
            Sampling = SamplingConfiguration.Read(sampling, seed, RegressionFolder.IsRegressionAt(models[0])),
            Probes = ReadProbes(probes),
        };
    }

    private static List<ProbeConfiguration> ReadProbes(IReadOnlyList<YamlSection> sections)
    {
        List<ProbeConfiguration> probes = [];
        foreach (YamlSection section in sections)
        {
            ProbeConfiguration probe = ProbeConfiguration.Read(section);
            if (probes.Exists(other => other.Name == probe.Name))
            {
                throw section.Error("name", $"a probe named \"{probe.Name}\" was given already; give each probe its own name");
            }

            probes.Add(probe);
        }

        return probes;
    }
}
