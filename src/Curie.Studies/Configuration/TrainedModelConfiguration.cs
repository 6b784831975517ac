using System.Text.Json.Nodes;
using Curie.Networks.Architecture;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Studies.Configuration.Yaml;

namespace Curie.Studies.Configuration;

/// <summary>The <c>model</c> section of a train.yaml: exactly one of an architecture and a folder of weights.</summary>
public sealed record TrainedModelConfiguration
{
    private const int MlpWidthFactor = 4;

    /// <summary>The network, to be started from random weights; null when <see cref="InitialWeights"/> is given.</summary>
    public TransformerConfig? Architecture { get; init; }

    /// <summary>How W_pos starts (<c>position_init</c>: normal or sinusoidal). Default normal.</summary>
    public PositionInitialization Positions { get; init; } = PositionInitialization.Normal;

    /// <summary>The model folder to start from (<c>init</c>); null when <see cref="Architecture"/> is given.</summary>
    public string? InitialWeights { get; init; }

    internal static TrainedModelConfiguration Read(YamlSection section)
    {
        if (section.OptionalFilePath("init") is { } folder)
        {
            if (section.Has("n_layers") || section.Has("d_model"))
            {
                throw section.Error(
                    "init",
                    "init takes the architecture from the folder that it names; delete the other keys of model, or init"
                );
            }

            section.Finish();
            return new TrainedModelConfiguration { InitialWeights = folder };
        }

        PositionInitialization positions = section.Choice(
            "position_init",
            PositionInitialization.Normal,
            ConfigurationWords.PositionInitializations
        );
        return new TrainedModelConfiguration { Architecture = ReadArchitecture(section), Positions = positions };
    }

    internal JsonObject ToJson()
    {
        if (Architecture is not { } architecture)
        {
            return new JsonObject { ["init"] = InitialWeights };
        }

        JsonObject json = ModelConfigFile.ToJson(architecture);
        json["position_init"] = ConfigurationWords.NameOf(Positions, ConfigurationWords.PositionInitializations);
        return json;
    }

    private static TransformerConfig ReadArchitecture(YamlSection section)
    {
        int width = section.Integer("d_model", 1);
        bool attentionOnly = section.Flag("attn_only", false);
        if (attentionOnly && (section.Has("d_mlp") || section.Has("act_fn")))
        {
            throw section.Error(
                "attn_only",
                "attn_only: true leaves no MLP, so d_mlp and act_fn have no meaning; delete them, or attn_only"
            );
        }

        int mlpWidth = section.Integer("d_mlp", 1, int.MaxValue, MlpWidthFactor * width);
        TransformerConfig architecture = new()
        {
            Layers = section.Integer("n_layers", 1),
            ModelWidth = width,
            Heads = section.Integer("n_heads", 1),
            HeadWidth = section.Integer("d_head", 1),
            ContextLength = section.Integer("n_ctx", 2),
            Vocabulary = section.Integer("d_vocab", 2),
            MlpWidth = attentionOnly ? 0 : mlpWidth,
        };
        architecture = architecture with
        {
            Activation = section.Choice("act_fn", architecture.Activation, ConfigurationWords.Activations),
            Epsilon = (float)section.Number("eps", architecture.Epsilon, value => value > 0, "above 0"),
            Positions = section.Choice("positional_embedding_type", architecture.Positions, ConfigurationWords.Positions),
            UnembeddingBiases = section.Flag("unembed_bias", architecture.UnembeddingBiases),
        };
        section.Choice("normalization_type", "LN", new Dictionary<string, string> { ["LN"] = "LN" });
        section.Finish();
        architecture.Validate(section.PlaceOf("n_layers"));
        return architecture;
    }
}
