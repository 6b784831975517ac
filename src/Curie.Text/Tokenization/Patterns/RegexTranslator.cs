using System.Globalization;
using System.Text;
using Curie.Numerics;

namespace Curie.Text.Tokenization.Patterns;

/// <summary>
/// Writes a regular expression of Oniguruma or fancy-regex in .NET's words. What tokenizers use is understood: characters, classes, general
/// categories, <c>\s \d \w</c>, groups, <c>(?i:…)</c>, looking ahead and behind, repetitions that are greedy, lazy or possessive. What the
/// engines understand differently, and all else, is refused by name.
/// </summary>
internal sealed class RegexTranslator
{
    private const int LongestPattern = 4096;
    private const int MostRepetitions = 1000;
    private const int Deepest = 40;
    private readonly string _source;
    private readonly RegexDialect _dialect;
    private readonly string _owner;
    private readonly StringBuilder _result = new();
    private readonly List<(char First, char Last)> _named = [];
    private int _at;
    private int _depth;

    private RegexTranslator(string source, RegexDialect dialect, string owner)
    {
        _source = source;
        _dialect = dialect;
        _owner = owner;
    }

    /// <summary>Translates a pattern.</summary>
    /// <exception cref="InputException">The pattern is no regular expression, or uses what is not supported.</exception>
    public static TranslatedRegex Translate(string source, RegexDialect dialect, string owner)
    {
        RegexTranslator translator = new(source, dialect, owner);
        if (source.Length > LongestPattern)
        {
            throw translator.Unsupported($"a pattern of {source.Length} characters; {LongestPattern} are the most");
        }

        translator.Alternatives(ignoreCase: false);
        if (translator._at < source.Length)
        {
            throw translator.Unsupported("a bracket ) that nothing opens");
        }

        return new TranslatedRegex(translator._result.ToString(), translator.StandIns(), translator.Free(WordCharacters.IsEnclosedLetter));
    }

    /// <summary>Reads alternatives up to a closing bracket or the end, and says whether they can match nothing.</summary>
    private bool Alternatives(bool ignoreCase)
    {
        if (++_depth > Deepest)
        {
            throw Unsupported($"brackets nested more than {Deepest} deep");
        }

        bool empty = Sequence(ignoreCase);
        while (Accept('|'))
        {
            _result.Append('|');
            empty |= Sequence(ignoreCase);
        }

        _depth--;
        return empty;
    }

    private bool Sequence(bool ignoreCase)
    {
        bool empty = true;
        char previous = '\0';
        while (_at < _source.Length && _source[_at] is not ('|' or ')'))
        {
            int start = _result.Length;
            bool atomEmpty = Atom(ignoreCase, previous, out previous);
            empty &= Repetition(start, atomEmpty, ref previous);
        }

        return empty;
    }

    private bool Atom(bool ignoreCase, char previous, out char letter)
    {
        letter = '\0';
        char sign = _source[_at++];
        switch (sign)
        {
            case '(':
                return Group(ignoreCase);
            case '[':
                Class(ignoreCase);
                return false;
            case '.':
                _result.Append(@"[^\n]");
                return false;
            case '^' or '$':
                _result.Append(Anchor(sign));
                return true;
            case '*' or '+' or '?' or '{' or '}':
                throw Unsupported($"the sign {sign} where nothing is to be repeated");
            case '\\' when _at < _source.Length && _source[_at] is 'b' or 'B' or 'A' or 'z':
                _result.Append(Boundary(_source[_at++], ignoreCase));
                return true;
            case '\\':
                if (Shorthand(ignoreCase, inClass: false))
                {
                    return false;
                }

                letter = EscapedCharacter();
                break;
            default:
                letter = sign;
                break;
        }

        if (char.IsSurrogate(letter))
        {
            throw Unsupported("a character beyond the basic plane");
        }

        Literal(letter, ignoreCase, previous);
        return false;
    }

    /// <summary>Oniguruma's are those of lines, fancy-regex's those of the text.</summary>
    private string Anchor(char sign) =>
        (sign, _dialect) switch
        {
            ('^', RegexDialect.Oniguruma) => @"(?:\A|(?<=\n)(?!\z))",
            ('$', RegexDialect.Oniguruma) => @"(?:(?=\n)|\z)",
            ('^', _) => @"(?:\A)",
            _ => @"(?:\z)",
        };

    private string Boundary(char sign, bool ignoreCase)
    {
        if (sign is 'A' or 'z')
        {
            return $"(?:\\{sign})";
        }

        if (ignoreCase)
        {
            throw Unsupported($"\\{sign} where case is ignored");
        }

        string word = $"[{WordClass}]";
        return sign == 'b' ? $"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))" : $"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))";
    }

    private bool Group(bool ignoreCase)
    {
        string opening = "(?:";
        bool look = false;
        if (Accept("?:")) { }
        else if (Accept("?i:"))
        {
            ignoreCase = true;
        }
        else if (Accept("?-i:"))
        {
            ignoreCase = false;
        }
        else if (Accept("?>"))
        {
            opening = "(?>";
        }
        else if (Accept("?<=") || Accept("?<!") || Accept("?=") || Accept("?!"))
        {
            look = true;
            opening = _source[_source.LastIndexOf('(', _at - 1).._at];
        }
        else if (_at < _source.Length && _source[_at] is '?' or '*')
        {
            throw Unsupported($"a group that begins with ({_source[_at]}");
        }

        _result.Append(opening);
        bool empty = Alternatives(ignoreCase);
        if (!Accept(')'))
        {
            throw Unsupported("a bracket ( that nothing closes");
        }

        _result.Append(')');
        return look || empty;
    }

    /// <summary>Reads what is written behind an atom, if it repeats it.</summary>
    private bool Repetition(int start, bool empty, ref char previous)
    {
        if (_at == _source.Length || _source[_at] is not ('?' or '*' or '+' or '{'))
        {
            return empty;
        }

        previous = '\0';
        char sign = _source[_at++];
        (int least, int? most) = sign switch
        {
            '?' => (0, 1),
            '*' => (0, null),
            '+' => (1, (int?)null),
            _ => Counts(),
        };
        if (empty && most is not 1)
        {
            throw Unsupported("a repetition of what can match nothing");
        }

        _result.Append(sign == '{' ? Braces(least, most) : sign.ToString());
        if (Accept('?'))
        {
            if (least == most)
            {
                throw Unsupported("a lazy repetition of a fixed number");
            }

            _result.Append('?');
        }
        else if (Accept('+'))
        {
            bool again = sign == '{' && _dialect == RegexDialect.Oniguruma;
            if (again && least == 0)
            {
                throw Unsupported("a repetition of what can match nothing");
            }

            _result.Insert(start, again ? "(?:" : "(?>").Append(again ? ")+" : ")");
        }

        if (_at < _source.Length && _source[_at] is '?' or '*' or '+' or '{')
        {
            throw Unsupported("a repetition of a repetition");
        }

        return empty || least == 0;
    }

    private (int Least, int? Most) Counts()
    {
        int least = Count();
        int? most = least;
        if (Accept(','))
        {
            most = _at < _source.Length && _source[_at] == '}' ? null : Count();
        }

        if (!Accept('}') || most < least)
        {
            throw Unsupported("braces that are no number of repetitions");
        }

        return (least, most);
    }

    private int Count()
    {
        int start = _at;
        while (_at < _source.Length && char.IsAsciiDigit(_source[_at]))
        {
            _at++;
        }

        return
            int.TryParse(_source.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && count <= MostRepetitions
            ? count
            : throw Unsupported($"braces that are no number of repetitions from 0 to {MostRepetitions}");
    }

    private static string Braces(int least, int? most) =>
        most is null ? string.Create(CultureInfo.InvariantCulture, $"{{{least},}}")
        : most == least ? string.Create(CultureInfo.InvariantCulture, $"{{{least}}}")
        : string.Create(CultureInfo.InvariantCulture, $"{{{least},{most}}}");

    private void Class(bool ignoreCase)
    {
        _result.Append('[');
        if (Accept('^'))
        {
            _result.Append('^');
        }

        ClassMembers(ignoreCase);
        _result.Append(']');
    }

    /// <summary>Reads what a class holds, up to its end; a class inside it adds its members, unless it is negated.</summary>
    private void ClassMembers(bool ignoreCase)
    {
        int start = _at;
        while (!Accept(']'))
        {
            if (_at == _source.Length || (_at == start && _source[_at] == ']'))
            {
                throw Unsupported("a class [ that nothing closes");
            }

            ReadOnlySpan<char> rest = _source.AsSpan(_at);
            if (rest.StartsWith("[^") || rest.StartsWith("[:") || rest.StartsWith("&&"))
            {
                throw Unsupported("a negated or named class inside a class, or an intersection of classes");
            }

            if (Accept('['))
            {
                if (++_depth > Deepest)
                {
                    throw Unsupported($"brackets nested more than {Deepest} deep");
                }

                ClassMembers(ignoreCase);
                _depth--;
            }
            else if (!Accept('\\'))
            {
                ClassRange(_source[_at++], ignoreCase);
            }
            else if (!Shorthand(ignoreCase, inClass: true))
            {
                ClassRange(EscapedCharacter(), ignoreCase);
            }
        }

        if (_at == start + 1)
        {
            throw Unsupported("an empty class");
        }
    }

    private void ClassRange(char first, bool ignoreCase)
    {
        char last = first;
        if (_at + 1 < _source.Length && _source[_at] == '-' && _source[_at + 1] != ']')
        {
            _at++;
            if (Accept('\\'))
            {
                last = EscapedCharacter();
            }
            else
            {
                last = _source[_at++];
            }
        }

        if (char.IsSurrogate(first) || char.IsSurrogate(last))
        {
            throw Unsupported("a character beyond the basic plane");
        }

        if (last < first || last == '[')
        {
            throw Unsupported("a range of characters that runs backwards");
        }

        AppendRange(first, last);
        if (ignoreCase)
        {
            if (last >= 0x80)
            {
                throw Unsupported("a character beyond ASCII where case is ignored");
            }

            foreach (char cased in Enumerable.Range(first, last - first + 1).Select(point => (char)point).SelectMany(OtherCases))
            {
                AppendRange(cased, cased);
            }
        }
    }

    private void AppendRange(char first, char last)
    {
        _named.Add((first, last));
        _result.Append(CultureInfo.InvariantCulture, $"\\u{(int)first:X4}");
        if (last != first)
        {
            _result.Append(CultureInfo.InvariantCulture, $"-\\u{(int)last:X4}");
        }
    }

    private void Literal(char letter, bool ignoreCase, char previous)
    {
        if (!ignoreCase || !char.IsAsciiLetter(letter))
        {
            if (ignoreCase && letter >= 0x80)
            {
                throw Unsupported("a character beyond ASCII where case is ignored");
            }

            AppendRange(letter, letter);
            return;
        }

        // Ligatures and ß are, where case is ignored, the same as these pairs.
        string pair = $"{char.ToLowerInvariant(previous)}{char.ToLowerInvariant(letter)}";
        if (_dialect == RegexDialect.Oniguruma && pair is "ss" or "st" or "ff" or "fi" or "fl")
        {
            throw Unsupported($"{pair} where case is ignored");
        }

        _result.Append('[');
        AppendRange(letter, letter);
        foreach (char cased in OtherCases(letter))
        {
            AppendRange(cased, cased);
        }

        _result.Append(']');
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

    /// <summary>Reads <c>\s</c> and its like, behind the backslash.</summary>
    private bool Shorthand(bool ignoreCase, bool inClass)
    {
        if (_at == _source.Length)
        {
            throw Unsupported("a backslash with nothing behind it");
        }

        switch (_source[_at])
        {
            case 's' or 'S' or 'd' or 'D':
                _result.Append('\\').Append(_source[_at++]);
                return true;
            case 'w' or 'W':
                Word(negated: _source[_at++] == 'W', ignoreCase, inClass);
                return true;
            case 'p' or 'P':
                Category(negated: _source[_at++] == 'P', ignoreCase);
                return true;
            default:
                return false;
        }
    }

    private void Word(bool negated, bool ignoreCase, bool inClass)
    {
        if (ignoreCase || (negated && inClass))
        {
            throw Unsupported(negated ? @"\W inside a class" : @"\w where case is ignored");
        }

        _result.Append(
            inClass ? WordClass
            : negated ? $"[^{WordClass}]"
            : $"[{WordClass}]"
        );
    }

    /// <summary>Oniguruma counts the superscripts and fractions of Latin-1, and no joiners.</summary>
    private string WordClass =>
        WordCharacters.Class + (_dialect == RegexDialect.Oniguruma ? @"\u00B2\u00B3\u00B9\u00BC-\u00BE" : @"\u200C\u200D");

    private void Category(bool negated, bool ignoreCase)
    {
        if (ignoreCase)
        {
            throw Unsupported(@"\p where case is ignored");
        }

        int close = Accept('{') ? _source.IndexOf('}', _at) : -1;
        if (close < 0)
        {
            throw Unsupported(@"\p without braces");
        }

        string name = _source[_at..close];
        _at = close + 1;
        if (name.StartsWith('^'))
        {
            negated = !negated;
            name = name[1..];
        }

        if (!Categories.Contains(name))
        {
            throw Unsupported($"\\p{{{name}}}, which is no general category of Unicode");
        }

        _result.Append(negated ? @"\P{" : @"\p{").Append(name).Append('}');
    }

    /// <summary>Reads a character written with a backslash, behind it.</summary>
    private char EscapedCharacter()
    {
        if (_at == _source.Length)
        {
            throw Unsupported("a backslash with nothing behind it");
        }

        char sign = _source[_at++];
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
                int close = _source.IndexOf('}', _at);
                return close < 0 ? throw Unsupported(@"\x without a number") : Hexadecimal(close - _at, skip: 1);
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
            || _at + digits > _source.Length
            || !ushort.TryParse(_source.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort value)
            || char.IsSurrogate((char)value)
        )
        {
            throw Unsupported(@"\x or \u without the number of a character of the basic plane");
        }

        _at += digits + skip;
        return (char)value;
    }

    private char[] StandIns() => [.. Enumerable.Range(0, TranslatedRegex.Categories).Select(category => Free((UnicodeCategory)category))];

    private char Free(UnicodeCategory category) =>
        category == UnicodeCategory.Surrogate
            ? '\uFFFD'
            : Free(point => CharUnicodeInfo.GetUnicodeCategory(point) == category && !WordCharacters.IsEnclosedLetter(point));

    /// <summary>A character of the basic plane that the pattern does not name.</summary>
    private char Free(Func<int, bool> suits)
    {
        // Latin-1 has characters that Oniguruma's \w treats apart, and the joiners are apart in Rust's.
        for (char unit = '\u0100'; unit < '\uFFFE'; unit++)
        {
            if (unit is not ('\u200C' or '\u200D') && suits(unit) && !_named.Exists(range => range.First <= unit && unit <= range.Last))
            {
                return unit;
            }
        }

        // No such character of the basic plane: none of the others is of the category either, or the pattern names it.
        return Fallback(suits);
    }

    private char Fallback(Func<int, bool> suits)
    {
        for (char unit = '\0'; unit < '\u0100'; unit++)
        {
            if (suits(unit) && !_named.Exists(range => range.First <= unit && unit <= range.Last))
            {
                return unit;
            }
        }

        return '\uFFFD';
    }

    private bool Accept(char sign)
    {
        bool found = _at < _source.Length && _source[_at] == sign;
        _at += found ? 1 : 0;
        return found;
    }

    private bool Accept(string signs)
    {
        bool found = _source.AsSpan(_at).StartsWith(signs, StringComparison.Ordinal);
        _at += found ? signs.Length : 0;
        return found;
    }

    private InputException Unsupported(string what) =>
        new(
            $"{_owner} has the pattern {PrintableText.Quote(_source)}, which at character {_at} uses {PrintableText.Plain(what)}; "
                + "Curie does not "
                + "support that."
        );

    private static readonly HashSet<string> Categories =
    [
        .. "L M N P S Z C Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Co Cn".Split(' '),
    ];
}
