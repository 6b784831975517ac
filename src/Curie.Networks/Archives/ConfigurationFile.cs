using System.Text.Json.Nodes;
using Curie.Numerics;

namespace Curie.Networks.Archives;

/// <summary>The configuration that lies beside weights.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Json">What it says.</param>
internal sealed record ConfigurationFile(string Path, JsonObject Json)
{
    private const string HuggingFaceName = "config.json";
    private const string ShortName = "cfg.json";

    /// <summary>
    /// Beside <c>X.pt</c> that of <c>X.json</c>, <c>X_config.json</c>, <c>config.json</c>, <c>cfg.json</c> that comes first; where the user
    /// named a folder, its <c>config.json</c> before them all.
    /// </summary>
    /// <param name="weights">The file of the weights.</param>
    /// <param name="folder">Whether the user named its folder.</param>
    /// <returns>The configuration, null where there is none.</returns>
    /// <exception cref="InputException">A file of such a name is damaged.</exception>
    public static ConfigurationFile? Find(string weights, bool folder)
    {
        string place = System.IO.Path.GetDirectoryName(weights) ?? string.Empty;
        string stem = System.IO.Path.GetFileNameWithoutExtension(weights);
        string[] own = [$"{stem}.json", $"{stem}_config.json"];
        string[] names = folder ? [HuggingFaceName, .. own, ShortName] : [.. own, HuggingFaceName, ShortName];
        foreach (string candidate in names.Select(name => System.IO.Path.Combine(place, name)))
        {
            if (candidate != weights && File.Exists(candidate))
            {
                using ArchiveFile file = ArchiveFile.Open(candidate);
                if (ArchiveJson.Read(file) is JsonObject found)
                {
                    return new ConfigurationFile(candidate, found);
                }
            }
        }

        return null;
    }
}
