using Curie.Networks.Archives;
using Curie.Networks.Files;
using Curie.Networks.Regression;
using Curie.Numerics;

namespace Curie.Networks.Models.Families;

/// <summary>All families that are read, and which of them a model is.</summary>
internal static class ModelFamilies
{
    private static readonly IModelFamily[] All =
    [
        new Llama2CFamily(),
        new TransformerLensFamily(),
        new TransformerLensNativeFamily(),
        new NanoGptFamily(),
        new Gpt2Family(),
        new GptNeoXFamily(),
        new GptNeoFamily(),
        new OptFamily(),
        new LlamaFamily(),
        new MistralFamily(),
        new Qwen2Family(),
        new Qwen3Family(),
    ];

    /// <summary>Describes what an archive holds.</summary>
    /// <exception cref="InputException">It has no configuration, or one of no family that is read, or one that is not computed.</exception>
    public static FamilyModel Describe(ITensorArchive archive) =>
        archive.Configuration is { } configuration
            ? Describe(ConfigReader.Of(configuration, archive.ConfigurationSource), archive)
            : throw new InputException(
                $"{archive.Path} has no configuration: none in the file and no config.json beside it; add the one that the model was made "
                    + "with, or write one with TransformerLens's keys."
            );

    /// <summary>Describes the tensors of an archive by a configuration.</summary>
    /// <exception cref="InputException">It is one of no family that is read, or one that is not computed.</exception>
    public static FamilyModel Describe(ConfigReader keys, ITensorArchive archive)
    {
        string kind = keys.Optional("kind", "language");
        if (kind != "language")
        {
            throw new InputException(
                kind == RegressionFolder.Kind
                    ? $"{keys.Source} describes a regression transformer, and a model of language is needed here; give the folder of "
                        + "one, or see `Curie.Networks.Regression`."
                    : $"{keys.Source}: kind is \"{PrintableText.Of(kind)}\"; it must be language or {RegressionFolder.Kind}."
            );
        }

        return Recognise(keys, archive)?.Describe(keys, archive) ?? throw Unknown(keys);
    }

    /// <summary>The name of the family that a configuration is of; null where it is of none that is read.</summary>
    /// <exception cref="InputException">A key that tells families apart has another type.</exception>
    public static string? FamilyOf(ConfigReader keys, ITensorArchive archive) => Recognise(keys, archive)?.Name;

    private static IModelFamily? Recognise(ConfigReader keys, ITensorArchive archive) =>
        Array.Find(All, family => family.Recognises(keys, archive));

    private static InputException Unknown(ConfigReader keys)
    {
        string type = keys.Optional("model_type", string.Empty);
        string known = string.Join(", ", All.Select(family => family.Name));
        return new InputException(
            type.Length > 0
                ? $"{keys.Source}: model_type is \"{PrintableText.Of(type)}\", a family that Curie does not read; it reads {known}."
                : $"{keys.Source}: the configuration says no model_type, and its keys are those of no family that Curie reads ({known}); "
                    + "add what is missing."
        );
    }
}
