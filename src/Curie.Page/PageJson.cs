using System.Text.Json;
using Curie.Numerics;
using Curie.Response.Runs;

namespace Curie.Page;

/// <summary>The page's data as JSON, and what run folders keep for it.</summary>
internal static class PageJson
{
    // What a file and the run hold of the same share differs by rounding alone.
    private const double Rounding = 1e-9;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new FiniteNumber() },
    };

    /// <summary>
    /// The text of a record: in ASCII with &lt;, &gt;, &amp; and quotes as \u escapes, and numbers that are not finite as null.
    /// </summary>
    public static string ToText<T>(T record)
        where T : class => JsonSerializer.Serialize(record, Options);

    /// <summary>A folder's own name.</summary>
    public static string FolderName(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    /// <summary>What a file of a run folder holds; null where it cannot be read or is damaged.</summary>
    public static T? Stored<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is JsonException or InputException)
        {
            return null;
        }
    }

    /// <summary>Whether two shares are the same but for rounding.</summary>
    public static bool IsSame(double one, double other) => Math.Abs(one - other) < Rounding;
}
