using System.Text.Json.Nodes;
using Curie.Studies.Configuration.Yaml;

namespace Curie.Studies.Configuration;

/// <summary>One item of <c>probes</c>: tokens whose loss, shifted, perturbs the data distribution.</summary>
public sealed record ProbeConfiguration
{
    /// <summary>The probe's name (<c>name</c>, required), unlike every other probe's.</summary>
    public required string Name { get; init; }

    /// <summary>The probe's token rows (<c>data</c>, required).</summary>
    public required string Data { get; init; }

    /// <summary>The first so many rows (<c>rows</c>); null, the default, for all.</summary>
    public int? Rows { get; init; }

    /// <summary>So many random positions are kept (<c>tokens</c>); null, the default, for all.</summary>
    public int? Tokens { get; init; }

    internal static ProbeConfiguration Read(YamlSection section)
    {
        ProbeConfiguration probe = new()
        {
            Name = section.Text("name"),
            Data = section.FilePath("data"),
            Rows = section.IntegerOrAll("rows", 1, null),
            Tokens = section.IntegerOrAll("tokens", 1, null),
        };
        section.Finish();
        return probe;
    }

    internal JsonObject ToJson() =>
        new()
        {
            ["name"] = Name,
            ["data"] = Data,
            ["rows"] = ConfigurationWords.CountOrAll(Rows),
            ["tokens"] = ConfigurationWords.CountOrAll(Tokens),
        };
}
