using System.Buffers.Binary;

namespace Curie.Numerics.Files;

/// <summary>
/// Reads another stream to its end and compares the CRC-32 of what passed (the zip format's, polynomial 0xEDB88320) with a given one.
/// </summary>
internal sealed class ChecksumStream(Stream inner, uint expected) : Stream
{
    // Slicing by eight: table k advances a byte by k further zero bytes, so that eight bytes take eight independent look-ups.
    private static readonly uint[][] Tables = CreateTables();
    private uint _state = uint.MaxValue;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Refuses a stream whose bytes are not the ones that were written, once all of them were read.</summary>
    /// <exception cref="InvalidDataException">The checksums differ, or bytes are left over.</exception>
    public void RequireWhole()
    {
        Span<byte> more = stackalloc byte[1];
        if (inner.Read(more) != 0 || ~_state != expected)
        {
            throw new InvalidDataException("the checksum does not fit the data");
        }
    }

    public override int Read(Span<byte> buffer)
    {
        int got = inner.Read(buffer);
        _state = Append(_state, buffer[..got]);
        _position += got;
        return got;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private static uint Append(uint state, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            uint low = state ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            state =
                Tables[7][low & 0xFF]
                ^ Tables[6][(low >> 8) & 0xFF]
                ^ Tables[5][(low >> 16) & 0xFF]
                ^ Tables[4][low >> 24]
                ^ Tables[3][high & 0xFF]
                ^ Tables[2][(high >> 8) & 0xFF]
                ^ Tables[1][(high >> 16) & 0xFF]
                ^ Tables[0][high >> 24];
            bytes = bytes[8..];
        }

        foreach (byte value in bytes)
        {
            state = Tables[0][(state ^ value) & 0xFF] ^ (state >> 8);
        }

        return state;
    }

    private static uint[][] CreateTables()
    {
        uint[][] tables = new uint[8][];
        tables[0] = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? 0xEDB88320u ^ (value >> 1) : value >> 1;
            }

            tables[0][i] = value;
        }

        for (int k = 1; k < 8; k++)
        {
            tables[k] = Array.ConvertAll(tables[k - 1], value => tables[0][value & 0xFF] ^ (value >> 8));
        }

        return tables;
    }
}
