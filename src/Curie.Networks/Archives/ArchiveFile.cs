using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Networks.Archives;

/// <summary>A file that stays open while an archive does, read at any place.</summary>
internal sealed class ArchiveFile : IDisposable
{
    private ArchiveFile(string path, FileStream stream)
    {
        Path = path;
        Stream = stream;
        Length = stream.Length;
    }

    /// <summary>The file as the user wrote it.</summary>
    public string Path { get; }

    /// <summary>The file's bytes when it was opened.</summary>
    public long Length { get; }

    /// <summary>The file for readers that go from byte to byte.</summary>
    public FileStream Stream { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="InputException">It does not exist, is a folder, a pipe, a device or a socket, or may not be read.</exception>
    public static ArchiveFile Open(string path)
    {
        FileStream stream = InputFile.Open(path);
        if (stream.CanSeek)
        {
            return new ArchiveFile(path, stream);
        }

        stream.Dispose();
        throw new InputException($"{path} cannot be read from any place; copy it into a file.");
    }

    /// <summary>Reads bytes from a place on.</summary>
    /// <exception cref="InputException">The disk fails, or the file has become shorter.</exception>
    public void Read(long offset, Span<byte> target)
    {
        try
        {
            while (target.Length > 0)
            {
                int got = RandomAccess.Read(Stream.SafeFileHandle, target, offset);
                if (got == 0)
                {
                    throw new InputException($"{Path} ends at byte {offset}, where tensors are still to come; write or copy it again.");
                }

                offset += got;
                target = target[got..];
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(Path, error);
        }
    }

    /// <summary>What to say when the disk fails.</summary>
    public static InputException Unreadable(string path, Exception error) =>
        new($"cannot read {path}: {error.Message} Check that the file may be read and that its disk is well.", error);

    /// <inheritdoc/>
    public void Dispose() => Stream.Dispose();
}
