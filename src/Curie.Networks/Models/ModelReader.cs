using Curie.Networks.Architecture;
using Curie.Networks.Archives;
using Curie.Networks.Models.Families;
using Curie.Networks.Parameters;
using Curie.Numerics;

namespace Curie.Networks.Models;

/// <summary>
/// Reads a model where it lies and as it is: a folder or a file of any family and format that is known. What it computes is what its own
/// library computes, or it is refused.
/// </summary>
public static class ModelReader
{
    /// <summary>Reads a model's weights.</summary>
    /// <param name="path">The folder or file.</param>
    /// <exception cref="InputException">
    /// There is none, it is damaged, its configuration says something that Curie does not compute, a tensor is missing, left over or of
    /// another shape, a weight is not finite, or the memory does not hold it.
    /// </exception>
    public static ParameterSet Load(string path)
    {
        using OpenedArchive archive = ModelArchive.Open(path);
        FamilyModel model = ModelArchive.Describe(archive);
        return new WeightReader(archive, model).Read();
    }

    /// <summary>Every file that a model is made of: its configuration first, then an index and the weights.</summary>
    /// <param name="path">The folder or file.</param>
    /// <exception cref="InputException">There is none, or it is damaged.</exception>
    public static IReadOnlyList<string> FilesOf(string path)
    {
        using OpenedArchive archive = ModelArchive.Open(path);
        return [.. archive.Files.OrderByDescending(file => file == archive.ConfigurationSource)];
    }

    /// <summary>Reads a model's architecture without its weights.</summary>
    /// <param name="path">The folder or file.</param>
    /// <exception cref="InputException">
    /// There is none, it is damaged, or its configuration says something that Curie does not compute.
    /// </exception>
    public static TransformerConfig LoadConfig(string path)
    {
        using OpenedArchive archive = ModelArchive.Open(path);
        return ModelArchive.Describe(archive).Config;
    }
}
