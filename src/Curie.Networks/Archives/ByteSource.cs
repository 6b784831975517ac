using Curie.Numerics;

namespace Curie.Networks.Archives;

/// <summary>The bytes behind one tensor or several: a range of a file, or a member of a zip file.</summary>
internal abstract class ByteSource
{
    /// <summary>The file as the user wrote it.</summary>
    public abstract string Path { get; }

    /// <summary>The number of bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Reads as many bytes as the target holds.</summary>
    /// <param name="offset">The first byte; the range lies within <see cref="Length"/>.</param>
    /// <param name="target">Where they go.</param>
    /// <exception cref="InputException">They cannot be read.</exception>
    public abstract void Read(long offset, Span<byte> target);
}
