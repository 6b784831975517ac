using Curie.Networks.Archives;
using Curie.Networks.Files;
using Curie.Networks.Models.Families;
using Curie.Numerics;

namespace Curie.Networks.Models;

/// <summary>
/// An archive with the configuration that says what the network is. A checkpoint may hold the settings of its training under the same names
/// (<c>args</c>, <c>config</c>); what is of no family gives way to what is.
/// </summary>
internal static class ModelArchive
{
    private const string TypeKey = "model_type";
    private const int MostKeys = 3;

    /// <summary>Opens a folder or a file.</summary>
    /// <returns>
    /// The archive, with the first of its configurations that is of a family that is read. Where there is none, it has the first that names
    /// a family, or else the first that lies beside it, or else the first.
    /// </returns>
    /// <exception cref="InputException">There is none, or it or its configuration is damaged.</exception>
    public static OpenedArchive Open(string path)
    {
        OpenedArchive archive = TensorArchive.OpenAll(path);
        try
        {
            Choose(archive);
            return archive;
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    /// <summary>Describes what an archive holds.</summary>
    /// <exception cref="InputException">It has no configuration, or one of no family that is read, or one that is not computed.</exception>
    public static FamilyModel Describe(OpenedArchive archive) =>
        archive.Used is { Key: { Length: > 0 } key } used && !used.Json.ContainsKey(TypeKey) && !IsKnown(archive)
            ? throw new InputException(
                $"{archive.Path} holds {PrintableText.Of(key)} with {Keys(used)}, which describe no network of a family that "
                    + "Curie reads, and there is no config.json beside it; add the one that the model was made with, or write one with "
                    + "TransformerLens's keys."
            )
            : ModelFamilies.Describe(archive);

    private static void Choose(OpenedArchive archive)
    {
        if (archive.Used is null || IsKnown(archive))
        {
            return;
        }

        ConfigurationFile first = archive.Used;
        ConfigurationFile? typed = null;
        ConfigurationFile? beside = null;
        foreach (ConfigurationFile candidate in archive.Configurations)
        {
            archive.Use(candidate);
            if (IsKnown(archive))
            {
                return;
            }

            typed ??= candidate.Json.ContainsKey(TypeKey) ? candidate : null;
            beside ??= candidate.Key is null ? candidate : null;
        }

        archive.Use(typed ?? beside ?? first);
    }

    private static bool IsKnown(OpenedArchive archive)
    {
        try
        {
            return ModelFamilies.FamilyOf(ConfigReader.Of(archive.Configuration!, archive.ConfigurationSource), archive) is not null;
        }
        catch (InputException)
        {
            // A key that tells families apart holds something else.
            return false;
        }
    }

    private static string Keys(ConfigurationFile configuration)
    {
        string[] keys = [.. configuration.Json.Take(MostKeys).Select(entry => PrintableText.Of(entry.Key))];
        return $"the {Counted.Word(configuration.Json.Count, "key")} {string.Join(", ", keys)}"
            + (configuration.Json.Count > keys.Length ? ", …" : string.Empty);
    }
}
