using Curie.Numerics;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Curie.Text.Sources;

/// <summary>How a file is compressed.</summary>
internal enum Compression
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>With gzip (<c>.gz</c>).</summary>
    Gzip,

    /// <summary>With Zstandard (<c>.zst</c>), as the Pile comes.</summary>
    Zstandard,
}

/// <summary>Reads gzip and Zstandard, told by the name or by the first bytes, with which no text in UTF-8 begins.</summary>
internal static class Decompression
{
    // zstd --long=31 asks for as much, and public collections of text use it.
    private const int WidestWindow = 31;

    /// <summary>What a file's name says.</summary>
    public static Compression Named(string path) =>
        Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".GZ" => Compression.Gzip,
            ".ZST" => Compression.Zstandard,
            _ => Compression.None,
        };

    /// <summary>The text of a stream.</summary>
    /// <param name="stream">The stream, which is disposed with the text.</param>
    /// <param name="named">What its name says; where that is nothing, its first bytes decide.</param>
    /// <param name="origin">How messages name it.</param>
    /// <returns>A stream that throws an <see cref="InputException"/> where the compressed data are not whole.</returns>
    /// <exception cref="InputException">The name says that it is compressed, and there is nothing.</exception>
    public static Stream Open(PeekedStream stream, Compression named, string origin)
    {
        ReadOnlySpan<byte> begin = stream.Peek(4).Span;
        Compression found = named == Compression.None ? Begun(begin) : named;
        return begin.IsEmpty && found != Compression.None
            ? throw new InputException($"{origin} is empty, which no compressed file is; fetch or compress it again.")
            : found switch
            {
                Compression.Gzip => new GuardedStream(new WholeGzipStream(stream), origin, "gzip"),
                Compression.Zstandard => new GuardedStream(Zstandard(stream), origin, "zstd"),
                _ => new GuardedStream(stream, origin, "text"),
            };
    }

    private static Compression Begun(ReadOnlySpan<byte> begin) =>
        begin.StartsWith<byte>([0x1F, 0x8B]) ? Compression.Gzip
        : begin.StartsWith<byte>([0x28, 0xB5, 0x2F, 0xFD]) ? Compression.Zstandard
        : Compression.None;

    private static DecompressionStream Zstandard(Stream stream)
    {
        DecompressionStream text = new(stream, leaveOpen: false);
        text.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, WidestWindow);
        return text;
    }
}
