using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Curie.Numerics;

namespace Curie.Text.Tokenization.Reading;

/// <summary>
/// Reads a pickle that holds nothing but dictionaries, lists, strings and numbers. It runs nothing: what would name a class or call a
/// function is refused, and so is all else. Numbers are <see cref="long"/>, dictionaries <c>Dictionary&lt;object, object?&gt;</c>.
/// </summary>
internal sealed class PlainPickle
{
    private const int MostBytes = 1 << 26;
    private static readonly object Mark = new();
    private readonly byte[] _bytes;
    private readonly string _path;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = [];
    private int _at;

    private PlainPickle(byte[] bytes, string path)
    {
        _bytes = bytes;
        _path = path;
    }

    /// <summary>Reads the value.</summary>
    /// <exception cref="InputException">The pickle is cut off, damaged, or holds what is not plain data.</exception>
    public static object? Read(Stream stream, string path)
    {
        if (stream.Length > MostBytes)
        {
            throw new InputException(
                $"{path} has more than {MostBytes >> 20} MiB, which no vocabulary of characters needs; give nanoGPT's meta.pkl."
            );
        }

        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new PlainPickle(bytes, path).Run();
    }

    private object? Run()
    {
        while (true)
        {
            byte code = Byte();
            switch ((char)code)
            {
                case '\x80':
                    if (Byte() > 5)
                    {
                        throw Damaged("a protocol beyond 5");
                    }

                    break;
                case '\x95':
                    Bytes(8);
                    break;
                case '.':
                    return Pop();
                case '}':
                    _stack.Add(new Dictionary<object, object?>());
                    break;
                case ']':
                    _stack.Add(new List<object?>());
                    break;
                case '(':
                    _stack.Add(Mark);
                    break;
                case 'd':
                    Dictionary<object, object?> made = [];
                    Fill(made, ToMark());
                    _stack.Add(made);
                    break;
                case 'l':
                    _stack.Add(ToMark());
                    break;
                case 'N':
                    _stack.Add(null);
                    break;
                case '\x88':
                    _stack.Add(1L);
                    break;
                case '\x89':
                    _stack.Add(0L);
                    break;
                case 'K':
                    _stack.Add((long)Byte());
                    break;
                case 'M':
                    _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2)));
                    break;
                case 'J':
                    _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)));
                    break;
                case 'I' or 'L':
                    _stack.Add(Decimal(Line().TrimEnd('L')));
                    break;
                case '\x8A':
                    _stack.Add(Long(Byte()));
                    break;
                case 'G':
                    _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8)));
                    break;
                case 'X':
                    _stack.Add(Text(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))));
                    break;
                case 'V':
                    _stack.Add(Escaped(Line(Encoding.Latin1)));
                    break;
                case '\x8C':
                    _stack.Add(Text(Byte()));
                    break;
                case 's':
                    object? value = Pop();
                    object? key = Pop();
                    Fill(Top<Dictionary<object, object?>>(), [key, value]);
                    break;
                case 'u':
                    List<object?> pairs = ToMark();
                    Fill(Top<Dictionary<object, object?>>(), pairs);
                    break;
                case 'a':
                    object? item = Pop();
                    Top<List<object?>>().Add(item);
                    break;
                case 'e':
                    List<object?> items = ToMark();
                    Top<List<object?>>().AddRange(items);
                    break;
                case '\x94':
                    _memo[_memo.Count] = Peek();
                    break;
                case 'q':
                    _memo[Byte()] = Peek();
                    break;
                case 'r':
                    _memo[BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))] = Peek();
                    break;
                case 'p':
                    _memo[Decimal(Line())] = Peek();
                    break;
                case 'h':
                    _stack.Add(Remembered(Byte()));
                    break;
                case 'j':
                    _stack.Add(Remembered(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))));
                    break;
                case 'g':
                    _stack.Add(Remembered(Decimal(Line())));
                    break;
                case '0':
                    Pop();
                    break;
                default:
                    throw Damaged($"the instruction 0x{code:X2}, which is not of plain data");
            }
        }
    }

    private void Fill(Dictionary<object, object?> dictionary, List<object?> pairs)
    {
        if (pairs.Count % 2 != 0)
        {
            throw Damaged("a key without a value");
        }

        for (int i = 0; i < pairs.Count; i += 2)
        {
            dictionary[pairs[i] is string or long ? pairs[i]! : throw Damaged("a key that is neither text nor a number")] = pairs[i + 1];
        }
    }

    private List<object?> ToMark()
    {
        int mark = _stack.LastIndexOf(Mark);
        if (mark < 0)
        {
            throw Damaged("a list that does not begin");
        }

        List<object?> values = _stack[(mark + 1)..];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object? Peek() =>
        _stack.Count > 0 && !ReferenceEquals(_stack[^1], Mark) ? _stack[^1] : throw Damaged("an instruction without a value");

    private T Top<T>()
        where T : class => Peek() as T ?? throw Damaged("an instruction for another kind of value");

    private object? Remembered(long place) =>
        _memo.TryGetValue(place, out object? value) ? value : throw Damaged("a value that was not kept");

    private byte Byte() => Bytes(1)[0];

    private ReadOnlySpan<byte> Bytes(long count)
    {
        if (count > _bytes.Length - _at)
        {
            throw Damaged("nothing where more is needed: it is cut off");
        }

        ReadOnlySpan<byte> bytes = _bytes.AsSpan(_at, (int)count);
        _at += (int)count;
        return bytes;
    }

    private string Text(uint length) => Encoding.UTF8.GetString(Bytes(length));

    private string Line(Encoding? encoding = null)
    {
        int end = Array.IndexOf(_bytes, (byte)'\n', _at);
        string line = (encoding ?? Encoding.UTF8).GetString(Bytes(end < 0 ? int.MaxValue : end - _at));
        _at++;
        return line;
    }

    /// <summary>Text of protocol 0, in which a character is itself, <c>\u00e9</c> or <c>\U0001f642</c>.</summary>
    private string Escaped(string line)
    {
        StringBuilder text = new(line.Length);
        for (int i = 0; i < line.Length; i++)
        {
            int digits =
                line[i] != '\\' || i + 1 == line.Length ? 0
                : line[i + 1] == 'u' ? 4
                : line[i + 1] == 'U' ? 8
                : 0;
            if (digits == 0)
            {
                text.Append(line[i]);
                continue;
            }

            if (
                i + 2 + digits > line.Length
                || !int.TryParse(line.AsSpan(i + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int point)
                || !Rune.IsValid(point)
            )
            {
                throw Damaged("a character that is none");
            }

            text.Append(new Rune(point));
            i += 1 + digits;
        }

        return text.ToString();
    }

    private long Decimal(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw Damaged("a bad number");

    private long Long(int length)
    {
        if (length > 8)
        {
            throw Damaged("a number beyond 64 bits");
        }

        long value = 0;
        ReadOnlySpan<byte> bytes = Bytes(length);
        for (int i = length - 1; i >= 0; i--)
        {
            value = (i == length - 1 ? (sbyte)bytes[i] : value << 8) | (i == length - 1 ? 0 : (long)bytes[i]);
        }

        return value;
    }

    private InputException Damaged(string what) =>
        new(
            $"{_path} is a pickle with {what}, at byte {_at}; give nanoGPT's meta.pkl, which holds dictionaries of characters and numbers."
        );
}
