using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Numerics;

namespace Curie.Cli.Invocation;

/// <summary>One invocation of one command: its terminal, how much it says, and whether it was asked to stop.</summary>
internal sealed class Session
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
    private bool _quiet;
    private bool _json;

    /// <summary>An invocation that nothing is known of yet.</summary>
    public Session(Terminal terminal, CancellationToken cancellation)
    {
        Terminal = terminal;
        Cancellation = cancellation;
    }

    /// <summary>Where to read and write.</summary>
    public Terminal Terminal { get; }

    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>What to tell the user who interrupts the command now.</summary>
    public string InterruptionAdvice { get; set; } = "nothing was written; run the command again to start over.";

    /// <summary>Whether progress is shown.</summary>
    public bool ShowsProgress => !_quiet && !_json;

    /// <summary>Whether all tables and notes are printed.</summary>
    public bool IsVerbose { get; private set; }

    /// <summary>Takes --quiet, --json and --verbose.</summary>
    public void Configure(ParseResult parsed)
    {
        _quiet = parsed.GetValue(SharedOptions.Quiet);
        _json = parsed.GetValue(SharedOptions.Json);
        IsVerbose = parsed.GetValue(SharedOptions.Verbose);
    }

    /// <summary>Tells the user something, in lines that fit the width of files. Says nothing with --quiet or --json.</summary>
    public void Say(string line)
    {
        if (ShowsProgress)
        {
            Terminal.Output.WriteLine(ProseLines.Fit(line));
        }
    }

    /// <summary>Prints the result: the text, or with --json the object; with --quiet neither.</summary>
    /// <param name="text">The text.</param>
    /// <param name="json">The object.</param>
    /// <param name="verbatim">Whether the text is a file or a script, whose lines stay as they are.</param>
    public void Report(string text, JsonNode json, bool verbatim = false)
    {
        if (_json)
        {
            Terminal.Output.WriteLine(json.ToJsonString(Indented));
        }
        else if (verbatim && ShowsProgress)
        {
            Terminal.Output.WriteLine(text);
        }
        else
        {
            Say(text);
        }
    }

    /// <summary>Warns on standard error, also with --json; not with --quiet, which leaves errors alone.</summary>
    /// <param name="sentence">What to know of the result; null for nothing.</param>
    public void Warn(string? sentence)
    {
        if (sentence is not null && !_quiet)
        {
            Terminal.Error.WriteLine($"curie: {sentence}");
        }
    }

    /// <summary>Says on standard error, also with --quiet and --json, which chains were left out.</summary>
    /// <param name="sentences">One for each of them.</param>
    /// <param name="chains">The number of all chains.</param>
    /// <returns>The exit code of a finished run.</returns>
    public int ReportExcluded(IReadOnlyList<string> sentences, int chains)
    {
        if (sentences.Count == 0)
        {
            return ExitCode.Done;
        }

        Terminal.Error.WriteLine(
            $"curie: {sentences.Count} of {Counted.Of(chains, "chain")} {Counted.Word(sentences.Count, "is", "are")} left out of "
                + $"every estimate: {string.Join(' ', sentences)}"
        );
        return ExitCode.ChainsExcluded;
    }
}
