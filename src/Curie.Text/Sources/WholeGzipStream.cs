using System.IO.Compression;

namespace Curie.Text.Sources;

/// <summary>
/// The text of gzip members up to the very end. <see cref="GZipStream"/> takes the end of the data for the end of the text wherever it
/// comes; so a member of our own is appended, and only if its text comes out last were all before it whole.
/// </summary>
internal sealed class WholeGzipStream : ForwardStream
{
    private const int BufferBytes = 1 << 16;
    private static readonly byte[] Mark = Convert.FromHexString("C07D1E5A93F84B62A1D60E37FC2958B4");
    private static readonly byte[] MarkMember = Compress(Mark);
    private readonly GZipStream _text;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;

    /// <summary>Reads gzip data, which are disposed with this.</summary>
    public WholeGzipStream(Stream data) => _text = new GZipStream(new WithMark(data), CompressionMode.Decompress);

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The data are damaged, end within a member, or something else follows them.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (_end - _start <= Mark.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
            int got = _text.Read(_buffer, _end, _buffer.Length - _end);
            if (got == 0)
            {
                return _buffer.AsSpan(0, _end).SequenceEqual(Mark) ? 0 : throw new InvalidDataException();
            }

            _end += got;
        }

        int count = Math.Min(buffer.Length, _end - _start - Mark.Length);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _text.Dispose();
        }

        base.Dispose(disposing);
    }

    private static byte[] Compress(byte[] text)
    {
        using MemoryStream bytes = new();
        using (GZipStream stream = new(bytes, CompressionLevel.NoCompression))
        {
            stream.Write(text);
        }

        return bytes.ToArray();
    }

    /// <summary>The data, and behind them the mark's member.</summary>
    private sealed class WithMark(Stream data) : ForwardStream
    {
        private int _done;

        public override int Read(Span<byte> buffer)
        {
            int got = _done == 0 ? data.Read(buffer) : 0;
            if (got > 0 || buffer.IsEmpty)
            {
                return got;
            }

            int count = Math.Min(buffer.Length, MarkMember.Length - _done);
            MarkMember.AsSpan(_done, count).CopyTo(buffer);
            _done += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                data.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
