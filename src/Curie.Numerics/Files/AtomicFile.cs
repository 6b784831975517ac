namespace Curie.Numerics.Files;

/// <summary>
/// Writes a file whole or not at all: beside the target, flushed to disk, then renamed over it. Links are followed, and stay. Into a pipe
/// or a device is written as it stands.
/// </summary>
public static class AtomicFile
{
    private const int BufferBytes = 1 << 16;

    /// <summary>
    /// Writes <paramref name="path"/> through <paramref name="write"/>; what was there before stays until the new file is complete.
    /// </summary>
    /// <exception cref="InputException">The folder is missing, not writable, or the disk is full.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (OutputPlace.IsStream(path))
        {
            WriteInto(path, write);
            return;
        }

        string target = OutputPlace.Real(path);
        // Two hosts that share the folder may have processes of one number.
        string temporary = $"{target}.{Environment.MachineName}-{Environment.ProcessId}.partial";
        try
        {
            using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            KeepMode(target, temporary);
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            TryDelete(temporary);
            throw Unwritable(path, error);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    /// <summary>Writes text as UTF-8 without a byte-order mark.</summary>
    /// <exception cref="InputException">As <see cref="Write"/>.</exception>
    public static void WriteAllText(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    private static void WriteInto(string path, Action<Stream> write)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, BufferBytes);
            write(stream);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, error);
        }
    }

    /// <summary>A file that is replaced stays as readable to others as it was, and no more.</summary>
    private static void KeepMode(string target, string temporary)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(target))
        {
            File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
        }
    }

    private static InputException Unwritable(string path, Exception error) =>
        new($"cannot write {path}: {error.Message} Check that the folder exists, is writable and has free space.", error);

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The write's own error is the one to report.
        }
    }
}
