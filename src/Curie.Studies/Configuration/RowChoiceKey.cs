using System.Text.Json.Nodes;
using Curie.Networks.Data;
using Curie.Studies.Configuration.Yaml;

namespace Curie.Studies.Configuration;

/// <summary>The keys that say which rows of a file are taken: <c>loss_rows_choice</c>, and <c>rows_choice</c> of probes.</summary>
internal static class RowChoiceKey
{
    /// <summary>Of the rows that give P.</summary>
    public const string LossRows = "loss_rows_choice";

    /// <summary>Of a probe's rows.</summary>
    public const string ProbeRows = "rows_choice";

    /// <summary>Reads a key; the first rows where it is missing.</summary>
    public static RowChoice Read(YamlSection section, string key) => section.Choice(key, RowChoice.First, ConfigurationWords.RowChoices);

    /// <summary>Writes a key where it is not the default, so that runs of configurations without it keep their fingerprints.</summary>
    public static void Write(JsonObject json, string key, RowChoice choice)
    {
        if (choice != RowChoice.First)
        {
            json[key] = ConfigurationWords.NameOf(choice, ConfigurationWords.RowChoices);
        }
    }
}
