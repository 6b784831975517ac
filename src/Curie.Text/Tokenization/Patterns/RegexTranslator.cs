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
    private readonly PatternReader _reader;
    private readonly RegexDialect _dialect;
    private readonly StringBuilder _result = new();
    private readonly CharacterTranslator _characters;

    private RegexTranslator(PatternReader reader, RegexDialect dialect)
    {
        _reader = reader;
        _dialect = dialect;
        _characters = new CharacterTranslator(reader, dialect, _result);
    }

    /// <summary>Translates a pattern.</summary>
    /// <exception cref="InputException">The pattern is no regular expression, or uses what is not supported.</exception>
    public static TranslatedRegex Translate(string source, RegexDialect dialect, string owner)
    {
        PatternReader reader = new(source, owner);
        if (source.Length > LongestPattern)
        {
            throw reader.Unsupported($"a pattern of {source.Length} characters; {LongestPattern} are the most");
        }

        RegexTranslator translator = new(reader, dialect);
        translator.Alternatives(ignoreCase: false);
        return reader.IsAtEnd
            ? new TranslatedRegex(
                translator._result.ToString(),
                translator._characters.Named.StandIns(),
                translator._characters.Named.Free(WordCharacters.IsEnclosedLetter)
            )
            : throw reader.Unsupported("a bracket ) that nothing opens");
    }

    /// <summary>Reads alternatives up to a closing bracket or the end, and says whether they can match nothing.</summary>
    private bool Alternatives(bool ignoreCase)
    {
        _reader.Enter();
        bool empty = Sequence(ignoreCase);
        while (_reader.Accept('|'))
        {
            _result.Append('|');
            empty |= Sequence(ignoreCase);
        }

        _reader.Leave();
        return empty;
    }

    private bool Sequence(bool ignoreCase)
    {
        bool empty = true;
        char previous = '\0';
        while (!_reader.IsAtEnd && _reader.Next is not ('|' or ')'))
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
        char sign = _reader.Read();
        switch (sign)
        {
            case '(':
                return Group(ignoreCase);
            case '[':
                _characters.Class(ignoreCase);
                return false;
            case '.':
                _result.Append(@"[^\n]");
                return false;
            case '^' or '$':
                _result.Append(Anchor(sign));
                return true;
            case '*' or '+' or '?' or '{' or '}':
                throw _reader.Unsupported($"the sign {sign} where nothing is to be repeated");
            case '\\' when _reader.Next is 'b' or 'B' or 'A' or 'z':
                _result.Append(Boundary(_reader.Read(), ignoreCase));
                return true;
            case '\\':
                if (_characters.Shorthand(ignoreCase, inClass: false))
                {
                    return false;
                }

                letter = _reader.EscapedCharacter();
                break;
            default:
                letter = sign;
                break;
        }

        if (char.IsSurrogate(letter))
        {
            throw _reader.Unsupported("a character beyond the basic plane");
        }

        _characters.Literal(letter, ignoreCase, previous);
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
            throw _reader.Unsupported($"\\{sign} where case is ignored");
        }

        string word = $"[{_characters.WordClass}]";
        return sign == 'b' ? $"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))" : $"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))";
    }

    private bool Group(bool ignoreCase)
    {
        string opening = "(?:";
        bool look = false;
        if (_reader.Accept("?:")) { }
        else if (_reader.Accept("?i:"))
        {
            ignoreCase = true;
        }
        else if (_reader.Accept("?-i:"))
        {
            ignoreCase = false;
        }
        else if (_reader.Accept("?>"))
        {
            opening = "(?>";
        }
        else if (_reader.Accept("?<=") || _reader.Accept("?<!") || _reader.Accept("?=") || _reader.Accept("?!"))
        {
            look = true;
            opening = _reader.ReadFrom('(');
        }
        else if (_reader.Next is '?' or '*')
        {
            throw _reader.Unsupported($"a group that begins with ({_reader.Next}");
        }

        _result.Append(opening);
        bool empty = Alternatives(ignoreCase);
        if (!_reader.Accept(')'))
        {
            throw _reader.Unsupported("a bracket ( that nothing closes");
        }

        _result.Append(')');
        return look || empty;
    }

    /// <summary>Reads what is written behind an atom, if it repeats it.</summary>
    private bool Repetition(int start, bool empty, ref char previous)
    {
        if (_reader.Next is not ('?' or '*' or '+' or '{'))
        {
            return empty;
        }

        previous = '\0';
        char sign = _reader.Read();
        (int least, int? most) = sign switch
        {
            '?' => (0, 1),
            '*' => (0, null),
            '+' => (1, (int?)null),
            _ => _reader.Counts(),
        };
        if (empty && most is not 1)
        {
            throw _reader.Unsupported("a repetition of what can match nothing");
        }

        _result.Append(sign == '{' ? Braces(least, most) : sign.ToString());
        if (_reader.Accept('?'))
        {
            if (least == most)
            {
                throw _reader.Unsupported("a lazy repetition of a fixed number");
            }

            _result.Append('?');
        }
        else if (_reader.Accept('+'))
        {
            bool again = sign == '{' && _dialect == RegexDialect.Oniguruma;
            if (again && least == 0)
            {
                throw _reader.Unsupported("a repetition of what can match nothing");
            }

            _result.Insert(start, again ? "(?:" : "(?>").Append(again ? ")+" : ")");
        }

        if (_reader.Next is '?' or '*' or '+' or '{')
        {
            throw _reader.Unsupported("a repetition of a repetition");
        }

        return empty || least == 0;
    }

    private static string Braces(int least, int? most) =>
        most is null ? string.Create(CultureInfo.InvariantCulture, $"{{{least},}}")
        : most == least ? string.Create(CultureInfo.InvariantCulture, $"{{{least}}}")
        : string.Create(CultureInfo.InvariantCulture, $"{{{least},{most}}}");
}
