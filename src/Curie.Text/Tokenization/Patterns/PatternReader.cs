using System.Globalization;
using Curie.Numerics;

namespace Curie.Text.Tokenization.Patterns;

/// <summary>A regular expression as it is read from left to right: its signs, its escaped characters and its numbers.</summary>
/// <param name="source">The expression.</param>
/// <param name="owner">Whose it is, as an error names it.</param>
internal sealed class PatternReader(string source, string owner)
{
    private const int MostRepetitions = 1000;
    private const int Deepest = 40;
    private int _depth;

    /// <summary>The place of the next sign.</summary>
    public int At { get; private set; }

    /// <summary>Whether all has been read.</summary>
    public bool IsAtEnd => At == source.Length;

    /// <summary>The next sign; U+0000 at the end.</summary>
    public char Next => IsAtEnd ? '\0' : source[At];

    /// <summary>Goes into a bracket.</summary>
    /// <exception cref="InputException">It is nested too deep.</exception>
    public void Enter()
    {
        if (++_depth > Deepest)
        {
            throw Unsupported($"brackets nested more than {Deepest} deep");
        }
    }

    /// <summary>Goes out of it.</summary>
    public void Leave() => _depth--;

    /// <summary>Reads a sign.</summary>
    public char Read() => source[At++];

    /// <summary>Whether a hyphen comes, and behind it something else than the end of a class.</summary>
    public bool StartsRange => At + 1 < source.Length && Next == '-' && source[At + 1] != ']';

    /// <summary>Whether what has not been read begins so.</summary>
    public bool StartsWith(string signs) => source.AsSpan(At).StartsWith(signs, StringComparison.Ordinal);

    /// <summary>What was read last, from the last such sign on.</summary>
    public string ReadFrom(char sign) => source[source.LastIndexOf(sign, At - 1)..At];

    /// <summary>Reads up to a sign, and over it; null where it does not come.</summary>
    public string? ReadUpTo(char sign)
    {
        int end = source.IndexOf(sign, At);
        if (end < 0)
        {
            return null;
        }

        string read = source[At..end];
        At = end + 1;
        return read;
    }

    /// <summary>Reads a sign, if it comes.</summary>
    public bool Accept(char sign)
    {
        bool found = !IsAtEnd && Next == sign;
        At += found ? 1 : 0;
        return found;
    }

    /// <summary>Reads signs, if they come.</summary>
    public bool Accept(string signs)
    {
        bool found = StartsWith(signs);
        At += found ? signs.Length : 0;
        return found;
    }

    /// <summary>Reads the numbers of a repetition, behind the opening brace, and the closing one; no most is any number.</summary>
    /// <exception cref="InputException">They are none.</exception>
    public (int Least, int? Most) Counts()
    {
        int least = Count();
        int? most = least;
        if (Accept(','))
        {
            most = Next == '}' ? null : Count();
        }

        if (!Accept('}') || most < least)
        {
            throw Unsupported("braces that are no number of repetitions");
        }

        return (least, most);
    }

    private int Count()
    {
        int start = At;
        while (char.IsAsciiDigit(Next))
        {
            At++;
        }

        return
            int.TryParse(source.AsSpan(start, At - start), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && count <= MostRepetitions
            ? count
            : throw Unsupported($"braces that are no number of repetitions from 0 to {MostRepetitions}");
    }

    /// <summary>Reads a character written with a backslash, behind it.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public char EscapedCharacter()
    {
        if (IsAtEnd)
        {
            throw Unsupported("a backslash with nothing behind it");
        }

        char sign = Read();
        switch (sign)
        {
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'f':
                return '\f';
            case 'v':
                return '\v';
            case 'x' when Accept('{'):
                int close = source.IndexOf('}', At);
                return close < 0 ? throw Unsupported(@"\x without a number") : Hexadecimal(close - At, skip: 1);
            case 'x':
                return Hexadecimal(2, skip: 0);
            case 'u':
                return Hexadecimal(4, skip: 0);
            default:
                return char.IsAscii(sign) && !char.IsAsciiLetterOrDigit(sign) ? sign : throw Unsupported($"\\{sign}");
        }
    }

    private char Hexadecimal(int digits, int skip)
    {
        if (
            digits is < 1 or > 4
            || At + digits > source.Length
            || !ushort.TryParse(source.AsSpan(At, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort value)
            || char.IsSurrogate((char)value)
        )
        {
            throw Unsupported(@"\x or \u without the number of a character of the basic plane");
        }

        At += digits + skip;
        return (char)value;
    }

    /// <summary>The error for what is not understood at this place.</summary>
    /// <param name="what">What it is, as the object of "uses".</param>
    public InputException Unsupported(string what) =>
        new(
            $"{owner} has the pattern {PrintableText.Quote(source)}, which at character {At} uses {PrintableText.Plain(what)}; "
                + "Curie does not support that."
        );
}
