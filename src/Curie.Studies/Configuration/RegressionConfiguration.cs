using System.Text.Json.Nodes;
using Curie.Networks.Regression;
using Curie.Networks.Training;
using Curie.Numerics;
using Curie.Studies.Configuration.Yaml;

namespace Curie.Studies.Configuration;

/// <summary>A regression.yaml: which task a transformer learns in context, which transformer, and how.</summary>
public sealed record RegressionConfiguration
{
    private static readonly Dictionary<string, RegressionArchitecture> Presets = new() { ["published"] = RegressionArchitecture.Published };

    /// <summary>The task (<c>task</c>); its defaults are documented there.</summary>
    public RegressionTask Task { get; init; } = new();

    /// <summary>The transformer (<c>model</c>): a <c>preset</c>, by default the published one, and what differs from it.</summary>
    public RegressionArchitecture Architecture { get; init; } = RegressionArchitecture.Published;

    /// <summary>The run folder (<c>out</c>, required).</summary>
    public required string Out { get; init; }

    /// <summary>Steps, batch, Adam, checkpoints and the seed; their defaults are those of the published run.</summary>
    public TrainingOptions Options { get; init; } = TrainingOptions.OfRegression;

    /// <summary>Held-out sequences whose loss is measured at every checkpoint (<c>validation_sequences</c>). Default 1,024.</summary>
    public int ValidationSequences { get; init; } = RegressionTrainingInputs.DefaultValidationSequences;

    /// <summary>Reads a file; relative paths in it are relative to its folder.</summary>
    /// <exception cref="InputException">
    /// The file is missing or is not YAML; a key is unknown, missing, repeated, of the wrong type or out of range. The message names the
    /// file and the line.
    /// </exception>
    public static RegressionConfiguration Load(string path)
    {
        YamlSection root = YamlDocument.Read(path);
        string folder = root.FilePath("out");
        YamlSection task = root.OptionalSection("task");
        YamlSection model = root.OptionalSection("model");
        TrainingOptions published = TrainingOptions.OfRegression;
        RegressionConfiguration configuration = new()
        {
            Out = folder,
            Options = TrainingKeys.Read(root, published with { Steps = root.Integer("steps", 1, int.MaxValue, published.Steps) }),
            ValidationSequences = root.Integer(
                "validation_sequences",
                1,
                int.MaxValue,
                RegressionTrainingInputs.DefaultValidationSequences
            ),
        };
        root.Finish();
        configuration = configuration with { Task = ReadTask(task), Architecture = ReadArchitecture(model) };
        configuration.Architecture.Shape(configuration.Task, path);
        return configuration;
    }

    /// <summary>Every setting, given or default, with absolute paths, under the keys of the YAML file.</summary>
    public JsonObject ToJson() =>
        new()
        {
            ["task"] = RegressionFolder.TaskJson(Task),
            ["model"] = new JsonObject
            {
                ["n_layers"] = Architecture.Layers,
                ["d_model"] = Architecture.ModelWidth,
                ["n_heads"] = Architecture.Heads,
                ["d_head"] = Architecture.HeadWidth,
                ["d_mlp"] = Architecture.MlpWidth,
                ["eps"] = Architecture.Epsilon,
                ["double_residual"] = Architecture.DoubleResidual,
            },
            ["out"] = Out,
            ["seed"] = Options.Seed,
            ["steps"] = Options.Steps,
            ["batch_size"] = Options.BatchSize,
            ["learning_rate"] = Options.LearningRate,
            ["betas"] = new JsonArray(Options.Beta1, Options.Beta2),
            ["eps"] = Options.Epsilon,
            ["validation_sequences"] = ValidationSequences,
            ["checkpoints"] = new JsonObject { ["log"] = Options.LogCheckpoints, ["linear"] = Options.LinearCheckpoints },
        };

    private static RegressionTask ReadTask(YamlSection section)
    {
        RegressionTask defaults = new();
        RegressionTask task = defaults with
        {
            Dimension = section.Integer("dimension", 1, 4096, defaults.Dimension),
            Examples = section.Integer("examples", 1, 4096, defaults.Examples),
            NoiseVariance = section.Number("noise_variance", defaults.NoiseVariance, value => value >= 0, "of at least 0"),
            Tasks = section.Has("tasks") ? section.Integer("tasks", 1, 1 << 24, 1) : null,
            TaskSeed = section.Integer("task_seed", 0, long.MaxValue, defaults.TaskSeed),
        };
        section.Finish();
        return task;
    }

    private static RegressionArchitecture ReadArchitecture(YamlSection section)
    {
        RegressionArchitecture preset = section.Choice("preset", RegressionArchitecture.Published, Presets);
        RegressionArchitecture architecture = preset with
        {
            Layers = section.Integer("n_layers", 1, int.MaxValue, preset.Layers),
            ModelWidth = section.Integer("d_model", 1, int.MaxValue, preset.ModelWidth),
            Heads = section.Integer("n_heads", 1, int.MaxValue, preset.Heads),
            HeadWidth = section.Integer("d_head", 1, int.MaxValue, preset.HeadWidth),
            MlpWidth = section.Integer("d_mlp", 1, int.MaxValue, preset.MlpWidth),
            Epsilon = (float)section.Number("eps", preset.Epsilon, value => value > 0, "above 0"),
            DoubleResidual = section.Flag("double_residual", preset.DoubleResidual),
        };
        section.Finish();
        return architecture;
    }
}
