using System.Globalization;

namespace Curie.Networks.Models;

/// <summary>One state of a model in training.</summary>
/// <param name="Name">The folder's own name, such as <c>checkpoint-500</c>, or a file's without its extension.</param>
/// <param name="Step">The number of updates made: the digits at the end of the name, 0 where it has none.</param>
/// <param name="Folder">The model: a folder or a file that <see cref="ModelReader"/> reads.</param>
public sealed record Checkpoint(string Name, long Step, string Folder)
{
    /// <summary>The digits at the end of a folder's name; null where it has none.</summary>
    public static long? StepOf(string folder)
    {
        string name = NameOf(folder);
        string digits = name[(name.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1)..];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : null;
    }

    /// <summary>The checkpoint in a folder.</summary>
    public static Checkpoint At(string folder) => new(NameOf(folder), StepOf(folder) ?? 0, folder);

    private static string NameOf(string place)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(place)));
        return File.Exists(place) ? Path.GetFileNameWithoutExtension(name) : name;
    }
}
