using Curie.Networks.Architecture;
using Curie.Networks.Archives;
using Curie.Networks.Files;
using Curie.Networks.Models.Families;
using Curie.Networks.Parameters;
using Curie.Numerics;

namespace Curie.Networks.Models;

/// <summary>
/// What a file or folder holds, without reading any weights: also where it cannot be measured, and then why. Only what cannot be opened at
/// all is refused.
/// </summary>
public sealed record ModelInspection
{
    /// <summary>The folder or file as the user wrote it.</summary>
    public required string Path { get; init; }

    /// <summary>What the weights are written as, in words.</summary>
    public required string Format { get; init; }

    /// <summary>The files that it is made of.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The file that holds the configuration; null where there is none.</summary>
    public string? ConfigurationSource { get; init; }

    /// <summary>The stored tensors, buffers among them.</summary>
    public required IReadOnlyList<InspectedTensor> Tensors { get; init; }

    /// <summary>The number of stored elements.</summary>
    public required long StoredElements { get; init; }

    /// <summary>The family of networks; null where the configuration is missing or of no family that is read.</summary>
    public string? Family { get; init; }

    /// <summary>The architecture; null where it is not understood.</summary>
    public TransformerConfig? Config { get; init; }

    /// <summary>Tensors of the network that are not stored, by the family's names.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Stored tensors for which the network has no place.</summary>
    public IReadOnlyList<string> LeftOver { get; init; } = [];

    /// <summary>Why the model cannot be measured, a sentence; null where its configuration and its tensors' shapes are well.</summary>
    public string? Refusal { get; init; }

    /// <summary>The number of parameters; null where the architecture is not understood.</summary>
    public long? Parameters => Config is null ? null : ParameterLayout.Count(Config);

    /// <summary>Looks at a model.</summary>
    /// <param name="path">The folder or file.</param>
    /// <exception cref="InputException">There is none, or it cannot be opened.</exception>
    public static ModelInspection Of(string path)
    {
        using OpenedArchive archive = ModelArchive.Open(path);
        ModelInspection seen = new()
        {
            Path = path,
            Format = archive.Format,
            Files = archive.Files,
            ConfigurationSource = archive.Configuration is null ? null : archive.ConfigurationSource,
            Tensors =
            [
                .. archive.Tensors.Values.Select(tensor => new InspectedTensor(
                    PrintableText.Of(tensor.Name),
                    tensor.Shape,
                    PrintableText.Of(tensor.Type)
                )),
            ],
            StoredElements = Sum(archive.Tensors.Values.Select(tensor => tensor.Count)),
        };
        try
        {
            if (archive.Configuration is { } configuration)
            {
                ConfigReader keys = ConfigReader.Of(configuration, archive.ConfigurationSource);
                seen = seen with { Family = ModelFamilies.FamilyOf(keys, archive) };
            }

            FamilyModel model = ModelArchive.Describe(archive);
            WeightReader reader = new(archive, model);
            seen = seen with
            {
                Config = model.Config,
                Missing = [.. reader.Missing],
                LeftOver = [.. reader.LeftOver.Select(PrintableText.Of)],
            };
            reader.Check();
            return seen;
        }
        catch (InputException refusal)
        {
            return seen with { Refusal = refusal.Message };
        }
    }

    // Views of one number are cheap to store and may be as many as one likes.
    private static long Sum(IEnumerable<long> counts) =>
        (long)counts.Aggregate((Int128)0, (sum, count) => Int128.Min(sum + count, long.MaxValue));
}
