using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Curie.Numerics;

namespace Curie.Networks.Archives.Pickles;

/// <summary>
/// Reads pickles of protocols 0 to 5 into inert values and executes nothing: functions are those of <see cref="PickleFunctions"/>, objects
/// of all other classes become records. Strings, byte[], long, BigInteger, double, bool and null are themselves, a tuple is an array.
/// Source of the opcodes: pickletools.py of CPython.
/// </summary>
/// <param name="input">The bytes.</param>
/// <param name="functions">What may be called, and what persistent identifiers mean.</param>
internal sealed class PickleMachine(PickleInput input, PickleFunctions functions)
{
    private const int MostOperations = 20_000_000;
    private const int MostDigits = 400;
    private const int MostMemoGap = 1 << 10;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly List<object?> _memo = [];

    /// <summary>Reads one pickle, up to its end.</summary>
    /// <exception cref="InputException">It is damaged, or asks to run something.</exception>
    public object? Read()
    {
        _stack.Clear();
        _marks.Clear();
        _memo.Clear();
        for (int operations = 0; operations < MostOperations; operations++)
        {
            char code = (char)input.ReadByte();
            if (code == '.')
            {
                return Pop();
            }

            if (!ReadValue(code) && !ReadContainer(code) && !ReadCall(code))
            {
                throw input.Damaged("has an unknown operation");
            }
        }

        throw input.Damaged("does not come to an end");
    }

    private bool ReadValue(char code)
    {
        switch (code)
        {
            case '\x80': // PROTO
                input.ReadByte();
                return true;
            case '\x95': // FRAME
                input.ReadUInt64();
                return true;
            case 'N':
                return Push(null);
            case '\x88':
                return Push(true);
            case '\x89':
                return Push(false);
            case 'I':
                return Push(ParseInteger(input.ReadLine(), boolean: true));
            case 'L':
                return Push(ParseInteger(input.ReadLine().TrimEnd('L'), boolean: false));
            case 'J':
                return Push((long)(int)input.ReadUInt32());
            case 'K':
                return Push((long)input.ReadByte());
            case 'M':
                return Push((long)input.ReadUInt16());
            case '\x8a': // LONG1
                return Push(ToInteger(input.ReadBytes(input.ReadByte())));
            case '\x8b': // LONG4
                return Push(ToInteger(input.ReadBytes(Math.Min(input.ReadUInt32(), MostDigits))));
            case 'F':
                return Push(
                    double.TryParse(input.ReadLine(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                        ? number
                        : throw input.Damaged("has a number that is none")
                );
            case 'G':
                return Push(BitConverter.UInt64BitsToDouble(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(input.ReadUInt64())));
            case 'S':
                return Push(Unquote(input.ReadLine()));
            case 'V':
                return Push(Unescape(input.ReadLine()));
            case 'T':
                return Push(input.ReadLatin(input.ReadUInt32()));
            case 'U':
                return Push(input.ReadLatin(input.ReadByte()));
            case 'X':
                return Push(input.ReadText(input.ReadUInt32()));
            case '\x8c':
                return Push(input.ReadText(input.ReadByte()));
            case '\x8d':
                return Push(input.ReadText(input.ReadUInt64()));
            case 'B':
                return Push(input.ReadBytes(input.ReadUInt32()));
            case 'C':
                return Push(input.ReadBytes(input.ReadByte()));
            case '\x8e' or '\x96': // BINBYTES8, BYTEARRAY8
                return Push(input.ReadBytes(input.ReadUInt64()));
            case 'g':
                return Push(Recall(ParseIndex(input.ReadLine())));
            case 'h':
                return Push(Recall(input.ReadByte()));
            case 'j':
                return Push(Recall(input.ReadUInt32()));
            case 'p':
                return Remember(ParseIndex(input.ReadLine()));
            case 'q':
                return Remember(input.ReadByte());
            case 'r':
                return Remember(input.ReadUInt32());
            case '\x94': // MEMOIZE
                return Remember(_memo.Count);
            default:
                return false;
        }
    }

    private bool ReadContainer(char code)
    {
        switch (code)
        {
            case '(':
                _marks.Add(_stack.Count);
                return true;
            case '0':
                if (_stack.Count == Floor)
                {
                    PopMark();
                    return true;
                }

                Pop();
                return true;
            case '1':
                PopMark();
                return true;
            case '2':
                return Push(Peek());
            case ')':
                return Push(Array.Empty<object?>());
            case 't':
                return Push(PopMark());
            case '\x85':
                return Push(PopMany(1));
            case '\x86':
                return Push(PopMany(2));
            case '\x87':
                return Push(PopMany(3));
            case ']' or '\x8f': // EMPTY_LIST, EMPTY_SET
                return Push(new PickleList());
            case 'l' or '\x91': // LIST, FROZENSET
                return Push(ToList(PopMark()));
            case '}':
                return Push(new PickleDictionary());
            case 'd':
                PickleDictionary made = new();
                SetItems(made, PopMark());
                return Push(made);
            case 'a':
                AddItems(PopMany(1));
                return true;
            case 'e' or '\x90': // APPENDS, ADDITEMS
                AddItems(PopMark());
                return true;
            case 's':
                object?[] pair = PopMany(2);
                SetItems(Peek(), pair);
                return true;
            case 'u':
                object?[] pairs = PopMark();
                SetItems(Peek(), pairs);
                return true;
            default:
                return false;
        }
    }

    private bool ReadCall(char code)
    {
        switch (code)
        {
            case 'c':
                string module = input.ReadLine();
                return Push(PickleGlobal.Of(module, input.ReadLine()));
            case '\x93': // STACK_GLOBAL
                object?[] names = PopMany(2);
                return Push(
                    names is [string from, string name] ? PickleGlobal.Of(from, name) : throw input.Damaged("names something by a non-name")
                );
            case 'R':
                object?[] call = PopMany(2);
                return Push(functions.Call(ToGlobal(call[0]), ToTuple(call[1])));
            case '\x81': // NEWOBJ
                object?[] creation = PopMany(2);
                return Push(functions.Create(ToGlobal(creation[0]), ToTuple(creation[1])));
            case '\x92': // NEWOBJ_EX
                object?[] named = PopMany(3);
                return Push(functions.Create(ToGlobal(named[0]), ToTuple(named[1])));
            case 'i':
                string place = input.ReadLine();
                PickleGlobal type = PickleGlobal.Of(place, input.ReadLine());
                return Push(functions.Call(type, PopMark()));
            case 'o':
                object?[] all = PopMark();
                return Push(
                    all.Length > 0 ? functions.Call(ToGlobal(all[0]), all[1..]) : throw input.Damaged("makes something of nothing")
                );
            case 'b':
                object? state = Pop();
                functions.SetState(Peek(), state);
                return true;
            case 'Q':
                return Push(functions.Load(Pop()));
            default:
                return false;
        }
    }

    private int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    private bool Push(object? value)
    {
        _stack.Add(value);
        return true;
    }

    private object? Peek() => _stack.Count > Floor ? _stack[^1] : throw input.Damaged("takes from an empty stack");

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] PopMany(int count)
    {
        if (_stack.Count - count < Floor)
        {
            throw input.Damaged("takes from an empty stack");
        }

        object?[] values = CollectionsMarshal.AsSpan(_stack)[^count..].ToArray();
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private object?[] PopMark()
    {
        if (_marks.Count == 0)
        {
            throw input.Damaged("goes back to a mark that is not there");
        }

        object?[] values = PopMany(_stack.Count - Floor);
        _marks.RemoveAt(_marks.Count - 1);
        return values;
    }

    private object? Recall(long index) => index < _memo.Count ? _memo[(int)index] : throw input.Damaged("recalls what it did not remember");

    private bool Remember(long index)
    {
        // Python counts without gaps.
        if (index > _memo.Count + MostMemoGap)
        {
            throw input.Damaged("remembers at a place far off");
        }

        while (_memo.Count <= index)
        {
            _memo.Add(null);
        }

        _memo[(int)index] = Peek();
        return true;
    }

    private void AddItems(object?[] items)
    {
        switch (Peek())
        {
            case PickleList list:
                foreach (object? item in items)
                {
                    list.Add(item);
                }

                break;
            case PickleObject:
                break;
            default:
                throw input.Damaged("adds to something that is no list");
        }
    }

    private void SetItems(object? target, object?[] pairs)
    {
        if (pairs.Length % 2 != 0)
        {
            throw input.Damaged("has a key without a value");
        }

        if (target is PickleObject owner)
        {
            // A class derived from dict: what is in it is what it says.
            target = owner.Items ??= new PickleDictionary();
        }

        PickleDictionary dictionary = target as PickleDictionary ?? throw input.Damaged("sets items of something that is no dict");
        for (int i = 0; i < pairs.Length; i += 2)
        {
            dictionary.Set(pairs[i], pairs[i + 1]);
        }
    }

    private static PickleList ToList(object?[] items)
    {
        PickleList list = new();
        foreach (object? item in items)
        {
            list.Add(item);
        }

        return list;
    }

    private PickleGlobal ToGlobal(object? value) => value as PickleGlobal ?? throw input.Damaged("calls something without a name");

    private object?[] ToTuple(object? value) => value as object?[] ?? throw input.Damaged("calls something without arguments");

    private object ParseInteger(string line, bool boolean)
    {
        if (boolean && line is ("00" or "01"))
        {
            return line == "01";
        }

        return
            line.Length <= MostDigits
            && BigInteger.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger value)
            ? PickleInteger.Of(value)
            : throw input.Damaged("has a number that is none");
    }

    private long ParseIndex(string line) =>
        int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? index
            : throw input.Damaged("remembers at a place that is no number");

    private object ToInteger(byte[] bytes) =>
        bytes.Length < MostDigits ? PickleInteger.Of(new BigInteger(bytes)) : throw input.Damaged("has a huge number");

    private string Unquote(string line) =>
        line.Length >= 2 && line[0] is ('\'' or '"') && line[^1] == line[0]
            ? Unescape(line[1..^1])
            : throw input.Damaged("has text without quotes");

    // The escapes that Python writes: \\, \', \", \n, \r, \t, \xHH, \uHHHH, \UHHHHHHHH. Half a surrogate pair becomes U+FFFD.
    private string Unescape(string line)
    {
        StringBuilder text = new();
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] != '\\')
            {
                text.Append(line[i]);
                continue;
            }

            char kind = ++i < line.Length ? line[i] : throw input.Damaged("has text that ends in an escape");
            int digits = kind switch
            {
                'x' => 2,
                'u' => 4,
                'U' => 8,
                _ => 0,
            };
            if (digits == 0)
            {
                text.Append(
                    kind switch
                    {
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        _ => kind,
                    }
                );
                continue;
            }

            if (
                i + digits >= line.Length
                || !uint.TryParse(line.AsSpan(i + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value)
            )
            {
                throw input.Damaged("has text with a broken escape");
            }

            text.Append(Rune.TryCreate(value, out Rune rune) ? rune.ToString() : Rune.ReplacementChar.ToString());
            i += digits;
        }

        return text.ToString();
    }
}
