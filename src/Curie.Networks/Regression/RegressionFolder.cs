using System.Text.Json.Nodes;
using Curie.Networks.Architecture;
using Curie.Networks.Files;
using Curie.Networks.Models;
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
    public static RegressionModel Load(string folder)
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
        architecture.Shape(task, path);
        RegressionModel model = new(task, architecture);
        ModelFolder.LoadWeights(Path.Combine(folder, ModelFolder.WeightsName), model.Parameters);
        return model;
    }

    /// <summary>Writes a model; each file appears whole or not at all, the weights last.</summary>
    /// <exception cref="InputException">The folder or a file cannot be written.</exception>
    public static void Save(string folder, RegressionModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ModelFolder.Save(folder, model.Parameters, ToJson(model.Task, model.Architecture), tokenizer: null);
    }

    /// <summary>Task and shape as they are written; <c>tasks</c> is left out where every sequence has its own.</summary>
    public static JsonObject ToJson(RegressionTask task, RegressionArchitecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        TransformerConfig shape = architecture.Shape(task);
        return new JsonObject
        {
            ["kind"] = Kind,
            ["n_layers"] = shape.Layers,
            ["d_model"] = shape.ModelWidth,
            ["n_heads"] = shape.Heads,
            ["d_head"] = shape.HeadWidth,
            ["d_mlp"] = shape.MlpWidth,
            ["act_fn"] = "relu",
            ["eps"] = shape.Epsilon,
            ["double_residual"] = architecture.DoubleResidual,
            ["task"] = TaskJson(task),
        };
    }

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
