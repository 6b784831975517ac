using System.Globalization;
using System.Numerics;
using Curie.Numerics;

namespace Curie.Studies.Configuration.Yaml;

/// <summary>
/// The keys of one mapping, taken one by one with their types; every message names the file and the line. When all known keys were
/// taken, <see cref="Finish"/> refuses the ones that are left.
/// </summary>
internal sealed class YamlSection
{
    private readonly YamlMapping _mapping;
    private readonly string _path;
    private readonly List<string> _known = [];

    /// <summary>The keys of <paramref name="mapping"/> in the file <paramref name="path"/>.</summary>
    public YamlSection(YamlMapping mapping, string path)
    {
        _mapping = mapping;
        _path = path;
    }

    /// <summary>Whether the key is there.</summary>
    public bool Has(string key)
    {
        _known.Add(key);
        return _mapping.Entries.ContainsKey(key);
    }

    /// <summary>A text that must be there.</summary>
    public string Text(string key) => Scalar(Required(key), key, "a text").Value;

    /// <summary>A text, or null where there is none.</summary>
    public string? OptionalText(string key) => Optional(key) is { } node ? Scalar(node, key, "a text").Value : null;

    /// <summary>A path that must be there; a relative one is relative to the folder of the YAML file.</summary>
    public string FilePath(string key) => Resolve(key, Text(key));

    /// <summary>A path, or null where there is none.</summary>
    public string? OptionalFilePath(string key) => OptionalText(key) is { } path ? Resolve(key, path) : null;

    /// <summary>A path or a list of paths that must be there; relative ones are relative to the folder of the YAML file.</summary>
    public IReadOnlyList<string> FilePaths(string key) =>
        Required(key) is YamlSequence ? [.. Texts(key, []).Select(path => Resolve(key, path))] : [FilePath(key)];

    /// <summary>A whole number that must be there.</summary>
    public int Integer(string key, int minimum) => ParseInteger(Required(key), key, minimum, int.MaxValue, null);

    /// <summary>A whole number, or the default where there is none.</summary>
    public T Integer<T>(string key, T minimum, T maximum, T otherwise)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T> =>
        Optional(key) is { } node ? ParseInteger(node, key, minimum, maximum, null) : otherwise;

    /// <summary>A whole number or the word <c>all</c>, which is null; or the default where there is neither.</summary>
    public int? IntegerOrAll(string key, int minimum, int? otherwise) =>
        Optional(key) switch
        {
            null => otherwise,
            YamlScalar { Value: "all" } => null,
            { } node => ParseInteger(node, key, minimum, int.MaxValue, " or all"),
        };

    /// <summary>A finite number that <paramref name="allowed"/> holds of, or the default where there is none.</summary>
    public double Number(string key, double otherwise, Func<double, bool> allowed, string range) =>
        Optional(key) is { } node ? ParseNumber(node, key, allowed, range) : otherwise;

    /// <summary>Exactly <paramref name="count"/> numbers, or null where the key is missing.</summary>
    public IReadOnlyList<double>? Numbers(string key, int count, Func<double, bool> allowed, string range)
    {
        if (Optional(key) is not { } node)
        {
            return null;
        }

        return node is YamlSequence sequence && sequence.Items.Count == count
            ? [.. sequence.Items.Select(item => ParseNumber(item, key, allowed, range))]
            : throw At(node.Line, $"\"{key}\" must be a list of {count} numbers {range}");
    }

    /// <summary>True or false, or the default where there is neither.</summary>
    public bool Flag(string key, bool otherwise) =>
        Optional(key) switch
        {
            null => otherwise,
            YamlScalar { IsPlain: true, Value: "true" } => true,
            YamlScalar { IsPlain: true, Value: "false" } => false,
            { } node => throw At(node.Line, $"\"{key}\" must be true or false"),
        };

    /// <summary>One of some named values, or the default where the key is missing.</summary>
    public T Choice<T>(string key, T otherwise, IReadOnlyDictionary<string, T> values)
    {
        if (Optional(key) is not { } node)
        {
            return otherwise;
        }

        string text = Scalar(node, key, "a word").Value;
        return values.TryGetValue(text, out T? value)
            ? value
            : throw new InputException($"{Place(node.Line)}: \"{key}\" cannot be \"{text}\"{Spelling.Advice(text, [.. values.Keys])}");
    }

    /// <summary>A list of at least one text, none of them twice, or the default where there is none.</summary>
    public IReadOnlyList<string> Texts(string key, IReadOnlyList<string> otherwise)
    {
        if (Optional(key) is not { } node)
        {
            return otherwise;
        }

        if (node is not YamlSequence { Items.Count: > 0 } sequence)
        {
            throw At(node.Line, $"\"{key}\" must be a list such as [{string.Join(", ", otherwise)}]");
        }

        List<string> texts = [];
        foreach (YamlNode item in sequence.Items)
        {
            string text = Scalar(item, key, "a list of words").Value;
            if (texts.Contains(text))
            {
                throw At(item.Line, $"\"{text}\" comes twice in \"{key}\"");
            }

            texts.Add(text);
        }

        return texts;
    }

    /// <summary>A nested section that must be there.</summary>
    public YamlSection Section(string key) => ToSection(Required(key), key);

    /// <summary>A nested section, or an empty one where the key is missing.</summary>
    public YamlSection OptionalSection(string key) =>
        Optional(key) is { } node
            ? ToSection(node, key)
            : new YamlSection(new YamlMapping(_mapping.Line, new Dictionary<string, YamlEntry>()), _path);

    /// <summary>A nested section; null where the key, which must be there, has a plain text.</summary>
    public YamlSection? TextOrSection(string key) => Required(key) is YamlScalar ? null : Section(key);

    /// <summary>A list of nested sections; empty where the key is missing.</summary>
    public IReadOnlyList<YamlSection> Sections(string key) =>
        Optional(key) switch
        {
            null => [],
            YamlSequence sequence => [.. sequence.Items.Select(item => ToSection(item, key))],
            { } node => throw At(node.Line, $"\"{key}\" must be a list, each item starting with a dash"),
        };

    /// <summary>Refuses the keys that nobody took.</summary>
    /// <exception cref="InputException">There is one; the message names the line and the nearest known key.</exception>
    public void Finish()
    {
        foreach ((string key, YamlEntry entry) in _mapping.Entries)
        {
            if (!_known.Contains(key))
            {
                throw new InputException($"{Place(entry.Line)}: unknown key \"{key}\"{Spelling.Advice(key, _known)}");
            }
        }
    }

    /// <summary>An error about a key's value.</summary>
    public InputException Error(string key, string message) =>
        At(_mapping.Entries.TryGetValue(key, out YamlEntry? entry) ? entry.Line : _mapping.Line, message);

    /// <summary>How messages name a key's place: the file and the line.</summary>
    public string PlaceOf(string key) => Place(_mapping.Entries.TryGetValue(key, out YamlEntry? entry) ? entry.Line : _mapping.Line);

    private YamlNode? Optional(string key)
    {
        _known.Add(key);
        if (!_mapping.Entries.TryGetValue(key, out YamlEntry? entry))
        {
            return null;
        }

        return entry.Value is YamlScalar { IsNothing: true }
            ? throw At(entry.Line, $"\"{key}\" has no value; give one or delete the line")
            : entry.Value;
    }

    private YamlNode Required(string key)
    {
        if (Optional(key) is { } node)
        {
            return node;
        }

        // A misspelt key is the likelier mistake than a forgotten one.
        foreach ((string other, YamlEntry entry) in _mapping.Entries)
        {
            if (!_known.Contains(other) && Spelling.Nearest(other, [key]) is not null)
            {
                throw new InputException($"{Place(entry.Line)}: unknown key \"{other}\"; did you mean \"{key}\"?");
            }
        }

        throw At(_mapping.Line, $"the key \"{key}\" is missing here; add it");
    }

    private YamlScalar Scalar(YamlNode node, string key, string expected) =>
        node as YamlScalar ?? throw At(node.Line, $"\"{key}\" must be {expected}");

    private YamlSection ToSection(YamlNode node, string key) =>
        node is YamlMapping mapping ? new YamlSection(mapping, _path) : throw At(node.Line, $"\"{key}\" must hold keys with values");

    private T ParseInteger<T>(YamlNode node, string key, T minimum, T maximum, string? alternative)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        string range = maximum == T.MaxValue ? $"of at least {minimum}" : $"from {minimum} to {maximum}";
        return
            node is YamlScalar { IsPlain: true } scalar
            && T.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out T value)
            && value >= minimum
            && value <= maximum
            ? value
            : throw At(node.Line, $"\"{key}\" is {Describe(node)}, but it must be a whole number {range}{alternative}");
    }

    private double ParseNumber(YamlNode node, string key, Func<double, bool> allowed, string range) =>
        node is YamlScalar { IsPlain: true } scalar
        && double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        && double.IsFinite(value)
        && allowed(value)
            ? value
            : throw At(node.Line, $"\"{key}\" is {Describe(node)}, but it must be a number {range}");

    private static string Describe(YamlNode node) =>
        node switch
        {
            YamlScalar { IsPlain: true } scalar => scalar.Value,
            YamlScalar scalar => $"the text \"{scalar.Value}\"",
            YamlSequence => "a list",
            _ => "a group of keys",
        };

    private string Resolve(string key, string path) =>
        path.Contains('\0')
            ? throw Error(key, $"{key} has the character U+0000, which no path has")
            : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(_path))!, path));

    private InputException At(int line, string message) => new($"{Place(line)}: {message}.");

    private string Place(int line) => $"{_path} line {line}";
}
