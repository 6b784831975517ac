using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Networks.Architecture;
using Curie.Networks.Regression;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Files;

/// <summary>
/// Reads and writes a model folder's <c>config.json</c>, with TransformerLens's key names. Keys that Curie does not use are ignored.
/// </summary>
public static class ModelConfigFile
{
    private const string Language = "language";
    private const string Standard = "standard";
    private const string Shortformer = "shortformer";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly (string Name, Activation Value)[] Activations =
    [
        ("relu", Activation.Relu),
        ("gelu", Activation.Gelu),
        ("gelu_new", Activation.GeluNew),
    ];

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="InputException">The file is missing, is not JSON, lacks a key, or describes a network that Curie does not
    /// compute.</exception>
    public static TransformerConfig Read(string path)
    {
        ConfigReader json = ConfigReader.Open(path);
        if (json.Optional("kind", Language) == RegressionFolder.Kind)
        {
            throw new InputException(
                $"{path} describes a regression transformer, and a model of language is needed here; give the folder of one, or see "
                    + "`Curie.Networks.Regression`."
            );
        }

        string normalization = json.Optional("normalization_type", "LN");
        if (normalization != "LN")
        {
            throw new InputException(
                $"{path}: normalization_type is \"{normalization}\", but Curie computes layer norm with weights only; use a model with "
                    + "\"LN\"."
            );
        }

        bool attentionOnly = json.Optional("attn_only", false);
        TransformerConfig config = new()
        {
            Layers = json.Required<int>("n_layers"),
            ModelWidth = json.Required<int>("d_model"),
            Heads = json.Required<int>("n_heads"),
            HeadWidth = json.Required<int>("d_head"),
            ContextLength = json.Required<int>("n_ctx"),
            Vocabulary = json.Required<int>("d_vocab"),
            MlpWidth = attentionOnly ? 0 : json.Required<int>("d_mlp"),
            Activation = attentionOnly ? Activation.Gelu : ParseActivation(json.Required<string>("act_fn"), path),
            Epsilon = json.Optional("eps", 1e-5f),
            Positions = ParsePositions(json.Optional("positional_embedding_type", Standard), path),
        };
        config.Validate(path);
        return attentionOnly || config.MlpWidth > 0
            ? config
            : throw new InputException($"{path}: d_mlp is 0 but attn_only is not true; give the MLP's width or set attn_only.");
    }

    /// <summary>What a configuration describes: <c>language</c>, where it does not say.</summary>
    /// <exception cref="InputException">The file is missing or is not JSON.</exception>
    public static string KindOf(string path) => ConfigReader.Open(path).Optional("kind", Language);

    /// <summary>Writes a configuration.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, TransformerConfig config) =>
        AtomicFile.WriteAllText(path, ToJson(config).ToJsonString(Indented) + "\n");

    /// <summary>The configuration as it is written.</summary>
    public static JsonObject ToJson(TransformerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        JsonObject json = new()
        {
            ["n_layers"] = config.Layers,
            ["d_model"] = config.ModelWidth,
            ["n_heads"] = config.Heads,
            ["d_head"] = config.HeadWidth,
            ["n_ctx"] = config.ContextLength,
            ["d_vocab"] = config.Vocabulary,
            ["attn_only"] = config.AttentionOnly,
            ["normalization_type"] = "LN",
            ["eps"] = config.Epsilon,
            ["positional_embedding_type"] = config.Positions == PositionalEmbedding.Standard ? Standard : Shortformer,
        };
        if (!config.AttentionOnly)
        {
            json["d_mlp"] = config.MlpWidth;
            json["act_fn"] = Activations.Single(a => a.Value == config.Activation).Name;
        }

        return json;
    }

    /// <summary>The activation of a name used in configurations.</summary>
    /// <exception cref="InputException">There is no such activation.</exception>
    public static Activation ParseActivation(string name, string source)
    {
        foreach ((string known, Activation value) in Activations)
        {
            if (known == name)
            {
                return value;
            }
        }

        throw new InputException($"{source}: act_fn is \"{name}\"; it must be relu, gelu or gelu_new.");
    }

    /// <summary>The kind of positions of a name used in configurations.</summary>
    /// <exception cref="InputException">There is no such kind.</exception>
    public static PositionalEmbedding ParsePositions(string name, string source) =>
        name switch
        {
            Standard => PositionalEmbedding.Standard,
            Shortformer => PositionalEmbedding.Shortformer,
            _ => throw new InputException($"{source}: positional_embedding_type is \"{name}\"; it must be {Standard} or {Shortformer}."),
        };
}
