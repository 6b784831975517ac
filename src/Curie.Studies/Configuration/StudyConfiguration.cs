using System.Text.Json.Nodes;
using Curie.Numerics.Kernels;
using Curie.Studies.Configuration.Yaml;

namespace Curie.Studies.Configuration;

/// <summary>The <c>llc</c> section of an experiment: what a study of learning coefficients has beside one model and its data.</summary>
public sealed record StudyConfiguration
{
    /// <summary>Takes every so many-th checkpoint, and the last (<c>every</c>). Default 1.</summary>
    public int Every { get; init; } = 1;

    /// <summary>Further rows on which every checkpoint is measured (<c>data</c>), none by default.</summary>
    public IReadOnlyList<NamedData> Data { get; init; } = [];

    /// <summary>
    /// The model folder from whose distribution the loss is the divergence (<c>against</c>); null, the default, for the loss of the next
    /// token.
    /// </summary>
    public string? Against { get; init; }

    /// <summary>Which divergence (<c>divergence</c>). Default forward.</summary>
    public DivergenceDirection Divergence { get; init; } = DivergenceDirection.Forward;

    /// <summary>Whether L0 is taken as in the published curves (<c>zero_filled_init_loss</c>). Default no.</summary>
    public bool ZeroFilledInitLoss { get; init; }

    internal static StudyConfiguration Read(YamlSection section)
    {
        StudyConfiguration configuration = new()
        {
            Every = section.Integer("every", 1, int.MaxValue, 1),
            Data = [.. section.Sections("data").Select(ReadData)],
            Against = section.OptionalFilePath("against"),
            Divergence = section.Choice("divergence", DivergenceDirection.Forward, ConfigurationWords.Divergences),
            ZeroFilledInitLoss = section.Flag("zero_filled_init_loss", false),
        };
        section.Finish();
        return configuration;
    }

    /// <summary>What differs from the defaults, under the keys of the YAML file.</summary>
    public JsonObject ToJson()
    {
        JsonObject json = [];
        if (Every > 1)
        {
            json["every"] = Every;
        }

        if (Data.Count > 0)
        {
            json["data"] = new JsonArray([.. Data.Select(data => new JsonObject { ["name"] = data.Name, ["data"] = data.Path })]);
        }

        if (Against is not null)
        {
            json["against"] = Against;
            json["divergence"] = ConfigurationWords.NameOf(Divergence, ConfigurationWords.Divergences);
        }

        if (ZeroFilledInitLoss)
        {
            json["zero_filled_init_loss"] = true;
        }

        return json;
    }

    private static NamedData ReadData(YamlSection section)
    {
        NamedData data = NamedData.Of(section.Text("name"), section.FilePath("data"));
        section.Finish();
        return data;
    }
}
