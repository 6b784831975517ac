namespace Curie.Networks.Archives;

/// <summary>Bytes that lie in a file as they are.</summary>
/// <param name="file">The open file.</param>
/// <param name="start">The first byte.</param>
/// <param name="length">The number of bytes.</param>
internal sealed class FileRange(ArchiveFile file, long start, long length) : ByteSource
{
    /// <inheritdoc/>
    public override string Path => file.Path;

    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> target) => file.Read(start + offset, target);
}
