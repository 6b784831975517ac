using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Networks.Architecture;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Files;

/// <summary>Reads and writes a model folder's <c>config.json</c>, with TransformerLens's key names. Keys that Curie does not use are ignored.</summary>
public static class ModelConfigFile
{
    private const string Standard = "standard";
    private const string Shortformer = "shortformer";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly (string Name, Activation Value)[] Activations =
        [("relu", Activation.Relu), ("gelu", Activation.Gelu), ("gelu_new", Activation.GeluNew)];

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="InputException">The file is missing, is not JSON, lacks a key, or describes a network that Curie does not compute.</exception>
    public static TransformerConfig Read(string path)
    {
        JsonObject json = InputFile.Read(path, stream => Parse(stream, path));
        string normalization = Optional(json, "normalization_type", "LN", path);
        if (normalization != "LN")
        {
            throw new InputException($"{path}: normalization_type is \"{normalization}\", but Curie computes layer norm with weights only; use a model with \"LN\".");
        }

        bool attentionOnly = Optional(json, "attn_only", false, path);
        TransformerConfig config = new()
        {
            Layers = Required<int>(json, "n_layers", path),
            ModelWidth = Required<int>(json, "d_model", path),
            Heads = Required<int>(json, "n_heads", path),
            HeadWidth = Required<int>(json, "d_head", path),
            ContextLength = Required<int>(json, "n_ctx", path),
            Vocabulary = Required<int>(json, "d_vocab", path),
            MlpWidth = attentionOnly ? 0 : Required<int>(json, "d_mlp", path),
            Activation = attentionOnly ? Activation.Gelu : ParseActivation(Required<string>(json, "act_fn", path), path),
            Epsilon = Optional(json, "eps", 1e-5f, path),
            Positions = ParsePositions(Optional(json, "positional_embedding_type", Standard, path), path),
        };
        config.Validate(path);
        return attentionOnly || config.MlpWidth > 0
            ? config
            : throw new InputException($"{path}: d_mlp is 0 but attn_only is not true; give the MLP's width or set attn_only.");
    }

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
    public static PositionalEmbedding ParsePositions(string name, string source) => name switch
    {
        Standard => PositionalEmbedding.Standard,
        Shortformer => PositionalEmbedding.Shortformer,
        _ => throw new InputException($"{source}: positional_embedding_type is \"{name}\"; it must be {Standard} or {Shortformer}."),
    };

    private static JsonObject Parse(Stream stream, string path)
    {
        try
        {
            return JsonNode.Parse(stream) as JsonObject ?? throw new InputException($"{path}: the configuration must be a JSON object.");
        }
        catch (JsonException error)
        {
            throw new InputException($"{path}: not JSON ({error.Message.TrimEnd('.')}); restore the file that came with the model.", error);
        }
    }

    private static T Required<T>(JsonObject json, string key, string path) =>
        json.ContainsKey(key) ? Value<T>(json, key, path) : throw new InputException($"{path}: the key {key} is missing; add it.");

    private static T Optional<T>(JsonObject json, string key, T otherwise, string path) =>
        json.TryGetPropertyValue(key, out JsonNode? node) && node is not null ? Value<T>(json, key, path) : otherwise;

    private static T Value<T>(JsonObject json, string key, string path)
    {
        if (json[key] is JsonValue value && value.TryGetValue(out T? result))
        {
            return result;
        }

        string expected = typeof(T) == typeof(string) ? "a string" : typeof(T) == typeof(bool) ? "true or false" : "a number";
        throw new InputException($"{path}: {key} is {json[key]?.ToJsonString() ?? "null"}; it must be {expected}{(typeof(T) == typeof(int) ? " without a fraction" : string.Empty)}.");
    }
}
