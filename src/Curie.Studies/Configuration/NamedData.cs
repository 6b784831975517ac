using Curie.Numerics;

namespace Curie.Studies.Configuration;

/// <summary>Token rows under a name.</summary>
/// <param name="Name">Letters, digits, hyphens, dots and underscores, since it becomes part of file names.</param>
/// <param name="Path">The file.</param>
public sealed record NamedData(string Name, string Path)
{
    // Names are a part of names of files, which most file systems end at 255 bytes.
    private const int LongestName = 100;

    /// <summary>Reads <c>NAME=ROWS.npy</c>, or a path whose file name without its ending is the name.</summary>
    /// <exception cref="InputException">The name cannot be part of a file name.</exception>
    public static NamedData Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? Of(text[..equals], text[(equals + 1)..]) : Of(System.IO.Path.GetFileNameWithoutExtension(text), text);
    }

    /// <summary>The same text with an absolute path; what stands for the task of a regression transformer stays.</summary>
    internal static string WithFullPath(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return text == SamplingConfiguration.OfTask
            ? text
            : text[..(equals > 0 ? equals + 1 : 0)] + System.IO.Path.GetFullPath(text[(equals > 0 ? equals + 1 : 0)..]);
    }

    /// <summary>A name and a path.</summary>
    /// <exception cref="InputException">The name cannot be part of a file name.</exception>
    public static NamedData Of(string name, string path) =>
        string.IsNullOrWhiteSpace(path) ? throw new InputException($"{name}= names no file; write it as in github=rows.npy.")
        : name is { Length: > 0 and <= LongestName } && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            ? new NamedData(name, path)
        : throw new InputException(
            $"\"{name}\" cannot name data; use at most {LongestName} letters, digits, hyphens, dots and underscores, as "
                + "in github=rows.npy."
        );
}
