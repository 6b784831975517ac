using System.Buffers;
using System.Text;
using Curie.Numerics;

namespace Curie.Text.Sources;

/// <summary>Decodes UTF-8 strictly: text with replacement characters would be measured as if its author had written them.</summary>
internal static class Utf8Text
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The text without its byte-order mark.</summary>
    /// <exception cref="InputException">The bytes are not UTF-8; the message names <paramref name="source"/> and the first bad byte's
    /// offset.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes, string source)
    {
        int bad = FirstInvalid(bytes);
        return bad < 0
            ? Encoding.UTF8.GetString(WithoutMark(bytes))
            : throw new InputException(
                $"{source} is not UTF-8 text: bad byte 0x{bytes[bad]:X2} at offset {bad}; convert it to UTF-8 or leave it out."
            );
    }

    /// <summary>The bytes after a leading byte-order mark.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes;

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return -1;
        }

        int at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out int length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }
}
