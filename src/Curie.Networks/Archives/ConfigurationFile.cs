using System.Text.Json.Nodes;
using Curie.Numerics;

namespace Curie.Networks.Archives;

/// <summary>What may say what a network is: an object in the file of the weights, or one beside it.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Json">What it says.</param>
internal sealed record ConfigurationFile(string Path, JsonObject Json)
{
    private const string HuggingFaceName = "config.json";
    private const string ShortName = "cfg.json";

    /// <summary>The key under which the file of the weights holds it; null of a file beside them.</summary>
    public string? Key { get; init; }

    /// <summary>
    /// Beside <c>X.pt</c> that of <c>X.json</c>, <c>X_config.json</c>, <c>config.json</c>, <c>cfg.json</c> that comes first; where the user
    /// named a folder, its <c>config.json</c> before them all.
    /// </summary>
    /// <param name="weights">The file of the weights.</param>
    /// <param name="folder">Whether the user named its folder.</param>
    /// <returns>The configurations, none where there is none; each is read when it is asked for.</returns>
    /// <exception cref="InputException">
    /// A file of such a name is damaged, or there are such files, though none with an object: <c>X.json</c> may be anything.
    /// </exception>
    public static IEnumerable<ConfigurationFile> All(string weights, bool folder)
    {
        string place = System.IO.Path.GetDirectoryName(weights) ?? string.Empty;
        string stem = System.IO.Path.GetFileNameWithoutExtension(weights);
        string[] own = [$"{stem}.json", $"{stem}_config.json"];
        string[] names = folder ? [HuggingFaceName, .. own, ShortName] : [.. own, HuggingFaceName, ShortName];
        bool any = false;
        string? other = null;
        foreach (string name in names)
        {
            string candidate = System.IO.Path.Combine(place, name);
            if (candidate == weights || !File.Exists(candidate))
            {
                continue;
            }

            if (Read(candidate) is JsonObject found)
            {
                any = true;
                yield return new ConfigurationFile(candidate, found);
            }
            else if (name != own[0] || name == HuggingFaceName)
            {
                other ??= candidate;
            }
        }

        if (!any && other is not null)
        {
            throw new InputException(
                $"{other} is JSON and holds no object, which a configuration is; restore the file that came with the model."
            );
        }
    }

    private static JsonObject? Read(string path)
    {
        using ArchiveFile file = ArchiveFile.Open(path);
        return ArchiveJson.Read(file);
    }
}
