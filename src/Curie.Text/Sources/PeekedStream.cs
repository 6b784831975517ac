namespace Curie.Text.Sources;

/// <summary>A stream whose beginning can be looked at without using it up.</summary>
internal sealed class PeekedStream(Stream inner) : ForwardStream
{
    private byte[] _begin = [];
    private int _used;

    /// <summary>The next bytes: so many, or all that are left where there are fewer. Valid until the stream is used.</summary>
    public ReadOnlyMemory<byte> Peek(int count)
    {
        int held = _begin.Length - _used;
        if (held < count)
        {
            byte[] longer = new byte[count];
            _begin.AsSpan(_used).CopyTo(longer);
            int got = inner.ReadAtLeast(longer.AsSpan(held), count - held, throwOnEndOfStream: false);
            _begin = longer[..(held + got)];
            _used = 0;
        }

        return _begin.AsMemory(_used, Math.Min(count, _begin.Length - _used));
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int held = Math.Min(buffer.Length, _begin.Length - _used);
        if (held == 0)
        {
            _begin = [];
            _used = 0;
            return inner.Read(buffer);
        }

        _begin.AsSpan(_used, held).CopyTo(buffer);
        _used += held;
        return held;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
