using System.Text.Json.Nodes;
using Curie.Networks.Data;
using Curie.Studies.Configuration.Yaml;

namespace Curie.Studies.Configuration;

/// <summary>One item of <c>probes</c>: tokens whose loss, shifted, perturbs the data distribution.</summary>
public sealed record ProbeConfiguration
{
    /// <summary>The probe's name (<c>name</c>, required), unlike every other probe's.</summary>
    public required string Name { get; init; }

    /// <summary>The probe's token rows (<c>data</c>, required).</summary>
    public required string Data { get; init; }

    /// <summary>So many rows (<c>rows</c>); null, the default, for all.</summary>
    public int? Rows { get; init; }

    /// <summary>
    /// Which (<c>rows_choice</c>): the first, which is the default, or random ones of the whole file, the same for every seed.
    /// </summary>
    public RowChoice RowsChoice { get; init; }

    /// <summary>So many random positions are kept (<c>tokens</c>); null, the default, for all.</summary>
    public int? Tokens { get; init; }

    /// <summary>
    /// Which positions of the rows count and are followed (<c>positions</c>): as <c>sampling.positions</c>, or <c>all</c>. Default null:
    /// those of <c>sampling.positions</c>.
    /// </summary>
    public string? Positions { get; init; }

    internal static ProbeConfiguration Read(YamlSection section)
    {
        ProbeConfiguration probe = new()
        {
            Name = section.Text("name"),
            Data = section.FilePath("data"),
            Rows = section.IntegerOrAll("rows", 1, null),
            RowsChoice = RowChoiceKey.Read(section, RowChoiceKey.ProbeRows),
            Tokens = section.IntegerOrAll("tokens", 1, null),
            Positions = PositionsKey.Read(section),
        };
        section.Finish();
        return probe;
    }

    /// <summary>The same without what says where its files lie.</summary>
    internal ProbeConfiguration WithoutPaths() => this with { Data = "", Positions = PositionsKey.Setting(Positions) };

    internal JsonObject ToJson()
    {
        JsonObject json = new()
        {
            ["name"] = Name,
            ["data"] = Data,
            ["rows"] = ConfigurationWords.CountOrAll(Rows),
            ["tokens"] = ConfigurationWords.CountOrAll(Tokens),
        };
        RowChoiceKey.Write(json, RowChoiceKey.ProbeRows, RowsChoice);
        PositionsKey.Write(json, Positions);
        return json;
    }
}
