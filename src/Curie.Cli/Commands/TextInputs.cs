using System.CommandLine;
using System.Text;
using Curie.Cli.Invocation;
using Curie.Numerics;
using Curie.Studies.Progress;
using Curie.Text;
using Curie.Text.Sources;

namespace Curie.Cli.Commands;

/// <summary>Text that the user named: text files, JSON Lines, folders of them, or <c>-</c> for what is piped in.</summary>
internal static class TextInputs
{
    /// <summary>How help describes them.</summary>
    public const string Description = "a text file or JSON Lines, compressed (.gz, .zst) or not, a folder of them, or - for standard input";

    private const string Lines = "jsonl";
    private const string Plain = "plain";

    /// <summary>--format.</summary>
    public static Option<string?> Format()
    {
        Option<string?> option = new("--format")
        {
            Description =
                $"What the files hold: {Lines}, a JSON object with a text on every line, or {Plain}, one document. By default the name "
                + "says it (.jsonl, .ndjson, .jl), or the first line, if that is such an object.",
            HelpName = "FORMAT",
        };
        option.AcceptOnlyFromAmong(Lines, Plain);
        return option;
    }

    /// <summary>--column.</summary>
    public static Option<string?> Column() =>
        new("--column") { Description = "The property that holds the text in JSON Lines; text by default.", HelpName = "NAME" };

    /// <summary>What <see cref="Format"/> and <see cref="Column"/> ask for.</summary>
    public static TextReading Reading(ParseResult parsed, Option<string?> format, Option<string?> column)
    {
        TextReading reading = parsed.GetValue(format) switch
        {
            Lines => new TextReading { Format = TextFormat.JsonLines },
            Plain => new TextReading { Format = TextFormat.Plain },
            _ => new TextReading(),
        };
        return parsed.GetValue(column) is { } name ? reading with { Column = name } : reading;
    }

    /// <summary>The source of a name.</summary>
    /// <exception cref="InputException">There is no such file or folder.</exception>
    public static ICorpusSource Open(string path, Session session, TextReading reading)
    {
        if (path == "-")
        {
            return new StandardInputSource(session.Terminal.Input(), reading);
        }

        return CorpusSource.Open(path, reading);
    }

    /// <summary>All documents of several inputs in the order given, counted as they are read, until Ctrl-C is pressed.</summary>
    public static IEnumerable<Document> Read(IEnumerable<ICorpusSource> sources, WorkCounter progress, CancellationToken cancellation)
    {
        foreach (ICorpusSource source in sources)
        {
            foreach (Document document in source.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                progress.Advance(Encoding.UTF8.GetByteCount(document.Text));
                yield return document;
            }
        }
    }

    /// <summary>The size of the text, for an estimate of the time left; 0 where a file is compressed or piped in.</summary>
    public static long EstimateBytes(IReadOnlyList<string> paths) =>
        paths.All(path => File.Exists(path) && Path.GetExtension(path).ToUpperInvariant() is not (".GZ" or ".ZST"))
            ? paths.Sum(path => new FileInfo(path).Length)
            : 0;
}
