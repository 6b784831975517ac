using System.Globalization;

namespace Curie.Numerics.Files;

/// <summary>The dictionary literal in a .npy header, e.g. <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (3, 4), }</c>.</summary>
internal sealed class NpyHeaderLiteral
{
    private readonly string _text;
    private readonly string _source;
    private int _position;

    private NpyHeaderLiteral(string text, string source)
    {
        _text = text;
        _source = source;
    }

    public string Descriptor { get; private set; } = "";

    public bool FortranOrder { get; private set; }

    public long[] Shape { get; private set; } = [];

    /// <summary>Parses the literal; its keys may come in any order, each exactly once.</summary>
    /// <exception cref="InputException">The text is anything else.</exception>
    public static NpyHeaderLiteral Parse(string text, string source)
    {
        NpyHeaderLiteral literal = new(text, source);
        literal.ParseDictionary();
        return literal;
    }

    private void ParseDictionary()
    {
        HashSet<string> seen = [];
        Expect('{');
        while (!Accept('}'))
        {
            string key = QuotedText();
            Expect(':');
            if (!seen.Add(key))
            {
                throw Malformed();
            }

            switch (key)
            {
                case "descr":
                    Descriptor = ElementType();
                    break;
                case "fortran_order":
                    FortranOrder = Truth();
                    break;
                case "shape":
                    Shape = Tuple();
                    break;
                default:
                    throw Malformed();
            }

            if (!Accept(','))
            {
                Expect('}');
                break;
            }
        }

        if (seen.Count != 3 || _text.AsSpan(_position).Trim().Length != 0)
        {
            throw Malformed();
        }
    }

    private string ElementType()
    {
        if (Peek() == '[')
        {
            throw new InputException($"{_source} holds records with several fields; save one plain numeric array.");
        }

        return QuotedText();
    }

    private string QuotedText()
    {
        char quote = Peek();
        if (quote is not ('\'' or '"'))
        {
            throw Malformed();
        }

        int end = _text.IndexOf(quote, _position + 1);
        if (end < 0)
        {
            throw Malformed();
        }

        string value = _text[(_position + 1)..end];
        _position = end + 1;
        return value;
    }

    private bool Truth()
    {
        foreach ((string word, bool value) in new[] { ("True", true), ("False", false) })
        {
            Peek();
            if (_text.AsSpan(_position).StartsWith(word, StringComparison.Ordinal))
            {
                _position += word.Length;
                return value;
            }
        }

        throw Malformed();
    }

    private long[] Tuple()
    {
        List<long> dimensions = [];
        Expect('(');
        while (!Accept(')'))
        {
            dimensions.Add(Integer());
            if (!Accept(','))
            {
                Expect(')');
                break;
            }
        }

        return [.. dimensions];
    }

    private long Integer()
    {
        Peek();
        int start = _position;
        while (_position < _text.Length && (char.IsAsciiDigit(_text[_position]) || _text[_position] == '-'))
        {
            _position++;
        }

        if (
            !long.TryParse(
                _text.AsSpan(start, _position - start),
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out long value
            )
        )
        {
            throw Malformed();
        }

        // Python 2 marked long integers with a letter.
        if (_position < _text.Length && _text[_position] == 'L')
        {
            _position++;
        }

        return value;
    }

    private char Peek()
    {
        while (_position < _text.Length && char.IsWhiteSpace(_text[_position]))
        {
            _position++;
        }

        return _position < _text.Length ? _text[_position] : '\0';
    }

    private bool Accept(char wanted)
    {
        if (Peek() != wanted)
        {
            return false;
        }

        _position++;
        return true;
    }

    private void Expect(char wanted)
    {
        if (!Accept(wanted))
        {
            throw Malformed();
        }
    }

    private InputException Malformed() => new($"{_source} has a damaged .npy header; write it again with numpy.save.");
}
