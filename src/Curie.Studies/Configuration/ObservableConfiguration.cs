using System.Text.Json.Nodes;
using Curie.Studies.Configuration.Yaml;

namespace Curie.Studies.Configuration;

/// <summary>
/// <c>sampling.observable</c>: the tokens whose mean loss is observed in place of that of the loss rows, by the name of a probe or as a
/// section.
/// </summary>
public sealed record ObservableConfiguration
{
    /// <summary>The key in the <c>sampling</c> section.</summary>
    internal const string Key = "observable";

    /// <summary>The probe whose followed tokens are observed (<c>probe</c>, required).</summary>
    public required string Probe { get; init; }

    /// <summary>The token pattern to which the tokens belong (<c>pattern</c>). Default null: all followed tokens of the probe.</summary>
    public string? Pattern { get; init; }

    /// <summary>
    /// The file that defines the pattern (<c>patterns</c>). Default null: the patterns that <c>curie patterns</c> prints.
    /// </summary>
    public string? PatternFile { get; init; }

    internal static ObservableConfiguration? Read(YamlSection sampling)
    {
        if (!sampling.Has(Key))
        {
            return null;
        }

        if (sampling.TextOrSection(Key) is not { } section)
        {
            return new ObservableConfiguration { Probe = Named(sampling, Key, sampling.Text(Key)) };
        }

        ObservableConfiguration configuration = new()
        {
            Probe = Named(section, "probe", section.Text("probe")),
            Pattern = section.OptionalText("pattern") is { } pattern ? Named(section, "pattern", pattern) : null,
            PatternFile = section.OptionalFilePath("patterns"),
        };
        section.Finish();
        return configuration.PatternFile is null || configuration.Pattern is not null
            ? configuration
            : throw section.Error("patterns", "a file of patterns was given, but no pattern; name one of them with the key pattern");
    }

    private static string Named(YamlSection section, string key, string name) =>
        name.Length > 0 ? name : throw section.Error(key, $"\"{key}\" is empty; give a name, or delete the line");

    internal JsonObject ToJson()
    {
        JsonObject json = new() { ["probe"] = Probe };
        if (Pattern is not null)
        {
            json["pattern"] = Pattern;
        }

        if (PatternFile is not null)
        {
            json["patterns"] = PatternFile;
        }

        return json;
    }
}
