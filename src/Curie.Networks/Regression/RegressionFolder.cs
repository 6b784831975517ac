using System.Text.Json.Nodes;
using Curie.Networks.Architecture;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Numerics;

namespace Curie.Networks.Regression;

/// <summary>
/// A regression transformer on disk: a model folder whose <c>config.json</c> says <c>"kind": "regression"</c> and names the task beside the
/// sizes; the weights
/// have the names of any other model, without biases in attention.
/// </summary>
public static class RegressionFolder
{
    /// <summary>The <c>kind</c> of such a folder.</summary>
    public const string Kind = "regression";

    /// <summary>Whether a folder holds a regression transformer; false for what is no readable model folder at all.</summary>
    public static bool IsRegression(string folder)
    {
        string path = Path.Combine(folder, ModelFolder.ConfigName);
        try
        {
            return File.Exists(path) && ConfigReader.Open(path).Optional("kind", string.Empty) == Kind;
        }
        catch (InputException)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether the first checkpoint at a place that <see cref="CheckpointSelection"/> understands is a regression transformer.
    /// </summary>
    public static bool IsRegressionAt(string place)
    {
        try
        {
            return IsRegression(CheckpointSelection.Find([place])[0].Folder);
        }
        catch (InputException)
        {
            return false;
        }
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="InputException">
    /// The folder or a file is missing or damaged, the model is of another kind, a tensor is missing or has another shape, or a weight is
    /// not finite.
    /// </exception>
    public static ParameterSet Load(string folder)
    {
        string path = Path.Combine(folder, ModelFolder.ConfigName);
        if (!IsRegression(folder))
        {
            throw new InputException($"{folder} holds no regression transformer; give a checkpoint of one.");
        }

        ConfigReader json = ConfigReader.Open(path);
        ConfigReader taskJson = json.Section("task");
        RegressionTask task = new()
        {
            Dimension = taskJson.Required<int>("dimension"),
            Examples = taskJson.Required<int>("examples"),
            NoiseVariance = taskJson.Required<double>("noise_variance"),
            Tasks = taskJson.Optional<int?>("tasks", null),
            TaskSeed = taskJson.Optional("task_seed", 1L),
        };
        RegressionArchitecture architecture = new()
        {
            Layers = json.Required<int>("n_layers"),
            ModelWidth = json.Required<int>("d_model"),
            Heads = json.Required<int>("n_heads"),
            HeadWidth = json.Required<int>("d_head"),
            MlpWidth = json.Required<int>("d_mlp"),
            Epsilon = json.Optional("eps", 1e-5f),
            DoubleResidual = json.Required<bool>("double_residual"),
        };
        ParameterSet model = architecture.CreateModel(task, path);
        ModelFolder.LoadWeights(Path.Combine(folder, ModelFolder.WeightsName), model);
        return model;
    }

    /// <summary>Task and shape as they are written; <c>tasks</c> is left out where every sequence has its own.</summary>
    internal static JsonObject ToJson(TransformerConfig config) =>
        new()
        {
            ["kind"] = Kind,
            ["n_layers"] = config.Layers,
            ["d_model"] = config.ModelWidth,
            ["n_heads"] = config.Heads,
            ["d_head"] = config.HeadWidth,
            ["d_mlp"] = config.MlpWidth,
            ["act_fn"] = "relu",
            ["eps"] = config.Epsilon,
            ["double_residual"] = config.DoubleResidual,
            ["task"] = TaskJson(RegressionTask.Of(config)),
        };

    /// <summary>The task as it is written.</summary>
    public static JsonObject TaskJson(RegressionTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        JsonObject json = new()
        {
            ["dimension"] = task.Dimension,
            ["examples"] = task.Examples,
            ["noise_variance"] = task.NoiseVariance,
        };
        if (task.Tasks is { } tasks)
        {
            json["tasks"] = tasks;
            json["task_seed"] = task.TaskSeed;
        }

        return json;
    }
}
