namespace Curie.Numerics.Files;

/// <summary>
/// What stands where a file is to be written: a file behind links, or a pipe or a device, which is written into and stays.
/// </summary>
public static class OutputPlace
{
    // As many as Linux follows.
    private const int MostLinks = 40;

    /// <summary>Whether a path leads to a pipe or a device, such as <c>/dev/null</c>.</summary>
    /// <exception cref="InputException">It leads to a disk or a socket, into which no file is written.</exception>
    public static bool IsStream(string path) =>
        SpecialFile.Describe(path) switch
        {
            null => false,
            SpecialFile.Pipe or SpecialFile.Device => true,
            string kind => throw new InputException($"{path} is {kind}, into which no file is written; name a file."),
        };

    /// <summary>The full path without links, of its folders too. What is not there yet has none.</summary>
    /// <exception cref="InputException">Links lead in a circle, or one cannot be read.</exception>
    public static string Real(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            int links = MostLinks;
            return Real(Path.GetFullPath(path), ref links);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"cannot follow {path}: {error.Message} Check its links.", error);
        }
    }

    private static string Real(string full, ref int links)
    {
        string real = Path.GetPathRoot(full)!;
        foreach (string part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            string next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (--links < 0)
            {
                throw new IOException("there are too many links.");
            }

            real = Real(Path.GetFullPath(target, real), ref links);
        }

        return real;
    }
}
