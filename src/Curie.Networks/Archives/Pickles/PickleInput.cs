using System.Text;
using Curie.Numerics;

namespace Curie.Networks.Archives.Pickles;

/// <summary>The bytes of pickles, one after the other; nothing is allocated for what is not there.</summary>
/// <param name="source">The bytes.</param>
internal sealed class PickleInput(ByteSource source)
{
    private const int BufferBytes = 1 << 14;
    private const int LongestLine = 1 << 12;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly byte[] _buffer = new byte[Math.Min(source.Length, BufferBytes)];
    private char[]? _line;
    private long _start;
    private int _length;
    private int _next;

    /// <summary>The file as the user wrote it.</summary>
    public string Path => source.Path;

    /// <summary>How many bytes were read.</summary>
    public long Position => _start + _next;

    /// <summary>How many bytes there are.</summary>
    public long Length => source.Length;

    /// <summary>The next byte.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public byte ReadByte()
    {
        if (_next == _length)
        {
            Fill();
        }

        return _buffer[_next++];
    }

    /// <summary>The next bytes.</summary>
    /// <exception cref="InputException">There are fewer.</exception>
    public byte[] ReadBytes(ulong count)
    {
        Require(count);
        byte[] bytes = new byte[count];
        int buffered = (int)Math.Min((ulong)(_length - _next), count);
        _buffer.AsSpan(_next, buffered).CopyTo(bytes);
        _next += buffered;
        if (buffered < bytes.Length)
        {
            source.Read(Position, bytes.AsSpan(buffered));
            _start = Position + bytes.Length - buffered;
            _length = _next = 0;
        }

        return bytes;
    }

    /// <summary>The next 2 bytes as a number, the least significant first.</summary>
    public ushort ReadUInt16() => (ushort)ReadNumber(2);

    /// <summary>The next 4 bytes as a number, the least significant first.</summary>
    public uint ReadUInt32() => (uint)ReadNumber(4);

    /// <summary>The next 8 bytes as a number, the least significant first.</summary>
    public ulong ReadUInt64() => ReadNumber(8);

    /// <summary>The next bytes as text.</summary>
    /// <exception cref="InputException">There are fewer, or they are not UTF-8.</exception>
    public string ReadText(ulong count)
    {
        try
        {
            return Utf8.GetString(ReadBytes(count));
        }
        catch (DecoderFallbackException error)
        {
            throw new InputException($"{Path} has a pickle with text that is not UTF-8; write or copy it again.", error);
        }
    }

    /// <summary>The next bytes as text of one byte a character.</summary>
    public string ReadLatin(ulong count) => Encoding.Latin1.GetString(ReadBytes(count));

    /// <summary>The bytes up to the end of the line, as text of one byte a character.</summary>
    /// <exception cref="InputException">There is no end, or it is far.</exception>
    public string ReadLine()
    {
        _line ??= new char[LongestLine];
        int length = 0;
        for (byte next = ReadByte(); next != '\n'; next = ReadByte())
        {
            if (length == LongestLine)
            {
                throw Damaged("has a line without an end");
            }

            _line[length++] = (char)next;
        }

        return new string(_line, 0, length);
    }

    /// <summary>What to say of bytes that are no pickle of torch.save.</summary>
    public InputException Damaged(string what) =>
        new($"{Path} has a damaged pickle, which {what} before byte {Position}; write or copy the file again.");

    private ulong ReadNumber(int bytes)
    {
        ulong number = 0;
        for (int i = 0; i < bytes; i++)
        {
            number |= (ulong)ReadByte() << (8 * i);
        }

        return number;
    }

    private void Require(ulong count)
    {
        if (count > (ulong)Math.Min(source.Length - Position, Array.MaxLength))
        {
            throw Damaged("ends in the middle");
        }
    }

    private void Fill()
    {
        _start += _length;
        _next = 0;
        _length = 0;
        Require(1);
        int length = (int)Math.Min(_buffer.Length, source.Length - _start);
        source.Read(_start, _buffer.AsSpan(0, length));
        _length = length;
    }
}
