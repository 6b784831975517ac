using System.IO.Compression;

namespace Curie.Numerics.Files;

/// <summary>Reads and writes numpy's .npz format: a zip archive with one .npy entry for each named array.</summary>
public static class NpzFile
{
    /// <summary>Opens an archive; arrays are read when they are asked for.</summary>
    /// <exception cref="InputException">The file is missing or is not a complete zip archive.</exception>
    public static NpzReader Open(string path)
    {
        FileStream stream = InputFile.Open(path);
        try
        {
            return new NpzReader(path, stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Writes an archive whole or not at all. The same arrays in the same order always give the same bytes: entries carry the earliest
    /// date a zip can hold, not the time of writing.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="compression">Whether entries are deflated. Noise-like floats shrink by a tenth at most; traces and masks by much
    /// more.</param>
    /// <param name="write">Adds the arrays.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, NpzCompression compression, Action<NpzWriter> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        AtomicFile.Write(path, stream =>
        {
            using ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);
            write(new NpzWriter(archive, compression));
        });
    }
}

/// <summary>How the entries of a .npz file are stored.</summary>
public enum NpzCompression
{
    /// <summary>As they are, as numpy.savez does.</summary>
    Stored,

    /// <summary>Deflated, as numpy.savez_compressed does.</summary>
    Deflated,
}
