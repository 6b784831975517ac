using System.Text.Json.Nodes;
using Curie.Networks.Architecture;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Models.Exports;

/// <summary>What the configurations of transformers 4 have in common.</summary>
internal static class HuggingFaceConfiguration
{
    /// <summary>A configuration with the keys of all families.</summary>
    /// <param name="type">What <c>model_type</c> is.</param>
    /// <param name="architecture">The class that computes losses.</param>
    /// <param name="config">The network.</param>
    public static JsonObject Create(string type, string architecture, TransformerConfig config) =>
        new()
        {
            ["architectures"] = new JsonArray(architecture),
            ["model_type"] = type,
            ["tie_word_embeddings"] = config.TiedEmbeddings,
            ["torch_dtype"] = "float32",
            ["use_cache"] = true,
            ["vocab_size"] = config.Vocabulary,
        };

    /// <summary>The library's name of a nonlinearity.</summary>
    public static string NameOf(Activation activation) =>
        activation switch
        {
            Activation.Relu => "relu",
            Activation.Silu => "silu",
            Activation.GeluNew => "gelu_new",
            _ => "gelu",
        };

    /// <summary>What <c>rope_scaling</c> is.</summary>
    public static JsonObject? ScalingOf(RotaryOptions rotary) =>
        rotary.Scaling switch
        {
            null => null,
            { Parts: { } parts } scaling => new JsonObject
            {
                ["factor"] = scaling.Factor,
                ["high_freq_factor"] = parts.HighFactor,
                ["low_freq_factor"] = parts.LowFactor,
                ["original_max_position_embeddings"] = parts.OriginalContext,
                ["rope_type"] = "llama3",
            },
            { } scaling => new JsonObject { ["factor"] = scaling.Factor, ["rope_type"] = "linear" },
        };
}
