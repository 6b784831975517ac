namespace Curie.Numerics.Files;

/// <summary>
/// Opens files that the user named, and says in one sentence what is wrong when that fails. What a shell pipes in under a name,
/// <c>&lt;(…)</c> or <c>/dev/stdin</c>, is read to its end first and then like a file.
/// </summary>
public static class InputFile
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Runs <paramref name="read"/> on the open file and returns its result.</summary>
    /// <exception cref="InputException">The file does not exist, is a folder, another pipe, a device or a socket, may not be read, or the
    /// disk fails while it is read.</exception>
    public static T Read<T>(string path, Func<FileStream, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        try
        {
            using FileStream stream = Open(path);
            return read(stream);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, error);
        }
    }

    /// <summary>Opens the file for reading from its start.</summary>
    /// <exception cref="InputException">
    /// The file does not exist, is a folder, another pipe, a device or a socket, or may not be read.
    /// </exception>
    public static FileStream Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new InputException($"{path} is a folder where a file is needed; name a file inside it.");
        }

        string? kind = SpecialFile.Describe(path);
        bool piped = kind == SpecialFile.Pipe && PipedFile.IsGiven(path);
        if (kind is not null && !piped)
        {
            throw new InputException($"{path} is {kind} where a file is needed; write what comes out of it into a file, and name that.");
        }

        try
        {
            return new FileStream(piped ? PipedFile.Content(path) : path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path} does not exist; check the path.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, error);
        }
    }

    private static InputException Unreadable(string path, Exception error) =>
        new($"cannot read {path}: {error.Message} Check that the file may be read and that its disk is well.", error);
}
