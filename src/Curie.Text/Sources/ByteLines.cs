namespace Curie.Text.Sources;

/// <summary>
/// Reads a stream line by line as bytes, cut at line feeds alone: other Unicode line breaks may stand inside a JSON string.
/// </summary>
internal static class ByteLines
{
    /// <summary>The lines without their line feeds; each is valid until the next is asked for.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Read(Stream stream)
    {
        byte[] buffer = new byte[1 << 16];
        int start = 0;
        int filled = 0;
        int scanned = 0;
        while (true)
        {
            int end = Array.IndexOf(buffer, (byte)'\n', scanned, filled - scanned);
            if (end >= 0)
            {
                yield return buffer.AsMemory(start, end - start);
                start = scanned = end + 1;
                continue;
            }

            Buffer.BlockCopy(buffer, start, buffer, 0, filled - start);
            filled -= start;
            scanned = filled;
            start = 0;
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, checked(2 * buffer.Length));
            }

            int read = stream.Read(buffer, filled, buffer.Length - filled);
            if (read == 0)
            {
                break;
            }

            filled += read;
        }

        if (filled > 0)
        {
            yield return buffer.AsMemory(0, filled);
        }
    }
}
