using Curie.Numerics;
using Curie.Numerics.Files;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Curie.Studies.Configuration.Yaml;

/// <summary>
/// Reads a YAML file into nodes that know their lines. Anchors, tags and several documents are refused: a setting is written where it
/// holds.
/// </summary>
internal sealed class YamlDocument
{
    // Deeper than any configuration; without a limit a file of brackets would exhaust the stack, which ends the process.
    private const int DeepestNesting = 32;

    private readonly string _path;
    private readonly Parser _parser;
    private int _depth;

    private YamlDocument(string path, TextReader reader)
    {
        _path = path;
        _parser = new Parser(reader);
    }

    /// <summary>Reads a file whose top level is a mapping.</summary>
    /// <exception cref="InputException">The file is missing, is not YAML, or has a key twice in one place; the message names the
    /// line.</exception>
    public static YamlSection Read(string path) => InputFile.Read(path, stream => Read(stream, path));

    /// <summary>Reads a stream whose top level is a mapping.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="path">What messages call it.</param>
    /// <exception cref="InputException">As for a file.</exception>
    public static YamlSection Read(Stream stream, string path)
    {
        using StreamReader reader = new(stream);
        YamlDocument document = new(path, reader);
        try
        {
            return new YamlSection(document.Root(), path);
        }
        catch (YamlException error)
        {
            throw document.NotYaml(error.Start.Line, error);
        }
        catch (InvalidOperationException error)
        {
            // YamlDotNet's scanner throws this, without a place, for some unclosed brackets.
            throw document.NotYaml(document._parser.Current?.Start.Line ?? 1, error);
        }
    }

    private YamlMapping Root()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
        {
            return new YamlMapping(1, new Dictionary<string, YamlEntry>());
        }

        _parser.Consume<DocumentStart>();
        YamlNode root = Node();
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out _))
        {
            throw Error(_parser.Current!, "a second document starts here; keep one configuration in a file");
        }

        return root switch
        {
            YamlMapping mapping => mapping,
            YamlScalar { IsNothing: true } => new YamlMapping(1, new Dictionary<string, YamlEntry>()),
            _ => throw new InputException($"{_path} line {root.Line}: the configuration must be keys with values, such as seed: 1."),
        };
    }

    private YamlNode Node()
    {
        if (_parser.Current is NodeEvent { Anchor.IsEmpty: false } or NodeEvent { Tag.IsEmpty: false } or AnchorAlias)
        {
            throw Error(_parser.Current, "anchors, aliases and tags are not read; write the value itself");
        }

        if (_parser.Accept<Scalar>(out _))
        {
            Scalar scalar = _parser.Consume<Scalar>();
            return new YamlScalar(Line(scalar), scalar.Value, scalar.Style == ScalarStyle.Plain);
        }

        if (_depth == DeepestNesting)
        {
            throw Error(_parser.Current!, $"brackets are nested more than {DeepestNesting} deep; no setting is");
        }

        _depth++;
        YamlNode node = _parser.Current is SequenceStart ? Sequence() : Mapping();
        _depth--;
        return node;
    }

    private YamlSequence Sequence()
    {
        SequenceStart start = _parser.Consume<SequenceStart>();
        List<YamlNode> items = [];
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node());
        }

        return new YamlSequence(Line(start), items);
    }

    private YamlMapping Mapping()
    {
        MappingStart start = _parser.Consume<MappingStart>();
        Dictionary<string, YamlEntry> entries = [];
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            YamlNode node = Node();
            if (node is not YamlScalar key)
            {
                throw new InputException($"{_path} line {node.Line}: a key must be a plain word.");
            }

            if (entries.TryGetValue(key.Value, out YamlEntry? first))
            {
                throw new InputException(
                    $"{_path} line {key.Line}: the key \"{key.Value}\" was given on line {first.Line} already; keep one of the two."
                );
            }

            entries.Add(key.Value, new YamlEntry(key.Line, Node()));
        }

        return new YamlMapping(Line(start), entries);
    }

    private InputException NotYaml(long line, Exception error) =>
        new($"{_path} line {line}: this is not YAML ({error.Message.TrimEnd('.')}); check indentation, colons and brackets there.", error);

    private InputException Error(ParsingEvent where, string message) => new($"{_path} line {Line(where)}: {message}.");

    private static int Line(ParsingEvent where) => checked((int)where.Start.Line);
}
