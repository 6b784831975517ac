using System.Globalization;
using System.Text;

namespace Curie.Text.Tokenization.Patterns;

/// <summary>Writes the characters and the classes of characters of a regular expression in .NET's words.</summary>
/// <param name="reader">The expression.</param>
/// <param name="dialect">Whose words it is in.</param>
/// <param name="result">What is written to.</param>
internal sealed class CharacterTranslator(PatternReader reader, RegexDialect dialect, StringBuilder result)
{
    private static readonly HashSet<string> Categories =
    [
        .. "L M N P S Z C Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Co Cn".Split(' '),
    ];

    /// <summary>The characters that were written by name.</summary>
    public NamedCharacters Named { get; } = new();

    /// <summary>Writes a class of characters, behind its opening bracket.</summary>
    public void Class(bool ignoreCase)
    {
        result.Append('[');
        if (reader.Accept('^'))
        {
            result.Append('^');
        }

        ClassMembers(ignoreCase);
        result.Append(']');
    }

    /// <summary>Reads what a class holds, up to its end; a class inside it adds its members, unless it is negated.</summary>
    private void ClassMembers(bool ignoreCase)
    {
        int start = reader.At;
        while (!reader.Accept(']'))
        {
            if (reader.IsAtEnd || (reader.At == start && reader.Next == ']'))
            {
                throw reader.Unsupported("a class [ that nothing closes");
            }

            if (reader.StartsWith("[^") || reader.StartsWith("[:") || reader.StartsWith("&&"))
            {
                throw reader.Unsupported("a negated or named class inside a class, or an intersection of classes");
            }

            if (reader.Accept('['))
            {
                reader.Enter();
                ClassMembers(ignoreCase);
                reader.Leave();
            }
            else if (!reader.Accept('\\'))
            {
                ClassRange(reader.Read(), ignoreCase);
            }
            else if (!Shorthand(ignoreCase, inClass: true))
            {
                ClassRange(reader.EscapedCharacter(), ignoreCase);
            }
        }

        if (reader.At == start + 1)
        {
            throw reader.Unsupported("an empty class");
        }
    }

    private void ClassRange(char first, bool ignoreCase)
    {
        char last = first;
        if (reader.StartsRange)
        {
            reader.Read();
            last = reader.Accept('\\') ? reader.EscapedCharacter() : reader.Read();
        }

        if (char.IsSurrogate(first) || char.IsSurrogate(last))
        {
            throw reader.Unsupported("a character beyond the basic plane");
        }

        if (last < first || last == '[')
        {
            throw reader.Unsupported("a range of characters that runs backwards");
        }

        AppendRange(first, last);
        if (ignoreCase)
        {
            if (last >= 0x80)
            {
                throw reader.Unsupported("a character beyond ASCII where case is ignored");
            }

            foreach (char cased in Enumerable.Range(first, last - first + 1).Select(point => (char)point).SelectMany(OtherCases))
            {
                AppendRange(cased, cased);
            }
        }
    }

    private void AppendRange(char first, char last)
    {
        Named.Add(first, last);
        result.Append(CultureInfo.InvariantCulture, $"\\u{(int)first:X4}");
        if (last != first)
        {
            result.Append(CultureInfo.InvariantCulture, $"-\\u{(int)last:X4}");
        }
    }

    /// <summary>Writes a character.</summary>
    /// <param name="letter">The character.</param>
    /// <param name="ignoreCase">Whether it is the same in the other case.</param>
    /// <param name="previous">The character before it; U+0000 where that is none alone.</param>
    public void Literal(char letter, bool ignoreCase, char previous)
    {
        if (!ignoreCase || !char.IsAsciiLetter(letter))
        {
            if (ignoreCase && letter >= 0x80)
            {
                throw reader.Unsupported("a character beyond ASCII where case is ignored");
            }

            AppendRange(letter, letter);
            return;
        }

        // Ligatures and ß are, where case is ignored, the same as these pairs.
        string pair = $"{char.ToLowerInvariant(previous)}{char.ToLowerInvariant(letter)}";
        if (dialect == RegexDialect.Oniguruma && pair is "ss" or "st" or "ff" or "fi" or "fl")
        {
            throw reader.Unsupported($"{pair} where case is ignored");
        }

        result.Append('[');
        AppendRange(letter, letter);
        foreach (char cased in OtherCases(letter))
        {
            AppendRange(cased, cased);
        }

        result.Append(']');
    }

    /// <summary>
    /// The characters that are the same as an ASCII one where case is ignored: Unicode's folding has ſ for s and K (Kelvin) for k.
    /// </summary>
    private static IEnumerable<char> OtherCases(char letter)
    {
        if (char.IsAsciiLetter(letter))
        {
            yield return (char)(letter ^ 0x20);
            switch (letter | 0x20)
            {
                case 's':
                    yield return '\u017F';
                    break;
                case 'k':
                    yield return '\u212A';
                    break;
            }
        }
    }

    /// <summary>Reads <c>\s</c> and its like, behind the backslash, and writes it; false where none comes.</summary>
    public bool Shorthand(bool ignoreCase, bool inClass)
    {
        if (reader.IsAtEnd)
        {
            throw reader.Unsupported("a backslash with nothing behind it");
        }

        switch (reader.Next)
        {
            case 's' or 'S' or 'd' or 'D':
                result.Append('\\').Append(reader.Read());
                return true;
            case 'w' or 'W':
                Word(negated: reader.Read() == 'W', ignoreCase, inClass);
                return true;
            case 'p' or 'P':
                Category(negated: reader.Read() == 'P', ignoreCase);
                return true;
            default:
                return false;
        }
    }

    private void Word(bool negated, bool ignoreCase, bool inClass)
    {
        if (ignoreCase || (negated && inClass))
        {
            throw reader.Unsupported(negated ? @"\W inside a class" : @"\w where case is ignored");
        }

        result.Append(
            inClass ? WordClass
            : negated ? $"[^{WordClass}]"
            : $"[{WordClass}]"
        );
    }

    /// <summary>What <c>\w</c> is: Oniguruma counts the superscripts and fractions of Latin-1, and no joiners.</summary>
    public string WordClass =>
        WordCharacters.Class + (dialect == RegexDialect.Oniguruma ? @"\u00B2\u00B3\u00B9\u00BC-\u00BE" : @"\u200C\u200D");

    private void Category(bool negated, bool ignoreCase)
    {
        if (ignoreCase)
        {
            throw reader.Unsupported(@"\p where case is ignored");
        }

        string? name = reader.Accept('{') ? reader.ReadUpTo('}') : null;
        if (name is null)
        {
            throw reader.Unsupported(@"\p without braces");
        }

        if (name.StartsWith('^'))
        {
            negated = !negated;
            name = name[1..];
        }

        if (!Categories.Contains(name))
        {
            throw reader.Unsupported($"\\p{{{name}}}, which is no general category of Unicode");
        }

        result.Append(negated ? @"\P{" : @"\p{").Append(name).Append('}');
    }
}
