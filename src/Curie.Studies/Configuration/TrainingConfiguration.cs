using System.Text.Json.Nodes;
using Curie.Networks.Training;
using Curie.Numerics;
using Curie.Studies.Configuration.Yaml;

namespace Curie.Studies.Configuration;

/// <summary>A train.yaml: what is trained, on what, and how.</summary>
public sealed record TrainingConfiguration
{
    /// <summary>
    /// The network: an architecture (<c>model</c>), or a folder of weights to start from (<c>init</c>, on its own or in <c>model</c>); one
    /// of them is required.
    /// </summary>
    public required TrainedModelConfiguration Model { get; init; }

    /// <summary>The training rows (<c>data</c>, required).</summary>
    public required string Data { get; init; }

    /// <summary>
    /// A file of float32, rows × (n_ctx − 1), that says how much each prediction of <see cref="Data"/> counts (<c>token_weights</c>), as
    /// <c>curie design</c> writes it; divided by its mean. Null, the default, for all alike.
    /// </summary>
    public string? TokenWeights { get; init; }

    /// <summary>Rows whose loss is measured at every checkpoint (<c>validation</c>); null, the default, for none.</summary>
    public string? Validation { get; init; }

    /// <summary>
    /// A tokenizer.json to copy into every checkpoint (<c>tokenizer</c>), so that results can be shown as text; null, the default, for that
    /// of
    /// the folder of initial weights, if there is one.
    /// </summary>
    public string? Tokenizer { get; init; }

    /// <summary>The run folder (<c>out</c>, required).</summary>
    public required string Out { get; init; }

    /// <summary>Steps, batch, order, AdamW, checkpoints and the seed; their defaults are documented there.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>The files and folders that it is read from.</summary>
    public IReadOnlyList<string> Inputs => [Data, .. new[] { TokenWeights, Model.InitialWeights, Validation, Tokenizer }.OfType<string>()];

    /// <summary>Reads a file; relative paths in it are relative to its folder.</summary>
    /// <exception cref="InputException">
    /// The file is missing or is not YAML; a key is unknown, missing, repeated, of the wrong type, out of range or in conflict with
    /// another. The message names the file and the line.
    /// </exception>
    public static TrainingConfiguration Load(string path)
    {
        YamlSection root = YamlDocument.Read(path);
        string? init = root.OptionalFilePath("init");
        if (init is not null && root.Has("model"))
        {
            throw root.Error("init", "init takes the architecture from the folder that it names, so model must go; delete one of the two");
        }

        YamlSection? model = init is null ? root.Section("model") : null;
        string data = root.FilePath("data");
        string? weights = root.OptionalFilePath("token_weights");
        string? validation = root.OptionalFilePath("validation");
        string? tokenizer = root.OptionalFilePath("tokenizer");
        string folder = root.FilePath("out");
        TrainingOptions options = ReadOptions(root);
        root.Finish();
        if (options.WarmupSteps > options.Steps)
        {
            throw root.Error(
                "warmup_steps",
                $"the warm-up of {Counted.Of(options.WarmupSteps, "step")} is longer than the run of {options.Steps}; shorten it"
            );
        }

        return new TrainingConfiguration
        {
            Model = model is null ? new TrainedModelConfiguration { InitialWeights = init } : TrainedModelConfiguration.Read(model),
            Data = data,
            TokenWeights = weights,
            Validation = validation,
            Tokenizer = tokenizer,
            Out = folder,
            Options = options,
        };
    }

    /// <summary>Every setting, given or default, with absolute paths, under the keys of the YAML file.</summary>
    public JsonObject ToJson()
    {
        JsonObject json = new()
        {
            ["model"] = Model.ToJson(),
            ["data"] = Data,
            ["out"] = Out,
            ["seed"] = Options.Seed,
            ["steps"] = Options.Steps,
            ["batch_size"] = Options.BatchSize,
            ["order"] = ConfigurationWords.NameOf(Options.Order, ConfigurationWords.Orders),
            ["learning_rate"] = Options.LearningRate,
            ["betas"] = new JsonArray(Options.Beta1, Options.Beta2),
            ["eps"] = Options.Epsilon,
            ["weight_decay"] = Options.WeightDecay,
            ["warmup_steps"] = Options.WarmupSteps,
            ["checkpoints"] = new JsonObject { ["log"] = Options.LogCheckpoints, ["linear"] = Options.LinearCheckpoints },
        };
        if (TokenWeights is not null)
        {
            json["token_weights"] = TokenWeights;
        }

        if (Validation is not null)
        {
            json["validation"] = Validation;
        }

        if (Tokenizer is not null)
        {
            json["tokenizer"] = Tokenizer;
        }

        return json;
    }

    private static TrainingOptions ReadOptions(YamlSection root)
    {
        TrainingOptions options = TrainingKeys.Read(root, new TrainingOptions { Steps = root.Integer("steps", 1) });
        return options with
        {
            Order = root.Choice("order", options.Order, ConfigurationWords.Orders),
            WeightDecay = root.Number("weight_decay", options.WeightDecay, value => value >= 0, "of at least 0"),
            WarmupSteps = root.Integer("warmup_steps", 0, int.MaxValue, options.WarmupSteps),
        };
    }
}
