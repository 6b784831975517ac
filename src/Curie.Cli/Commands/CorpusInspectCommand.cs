using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Text.Corpora;
using Curie.Text.Sources;

namespace Curie.Cli.Commands;

/// <summary><c>curie corpus inspect</c>: what files of text amount to.</summary>
internal static class CorpusInspectCommand
{
    public static Command Create(Session session)
    {
        Argument<string[]> files = new("FILE") { Description = $"Each {TextInputs.Description}.", Arity = ArgumentArity.OneOrMore };
        Option<string?> format = TextInputs.Format();
        Option<string?> column = TextInputs.Column();
        CurieCommand command = new(
            session,
            "inspect",
            "Count documents, bytes, characters and words of each file, and show how its first document begins.",
            "curie corpus inspect corpus/train.jsonl corpus/heldout.jsonl"
        )
        {
            files,
            format,
            column,
        };
        command.Runs(parsed => Inspect(session, parsed.GetRequiredValue(files), TextInputs.Reading(parsed, format, column)));
        return command;
    }

    private static int Inspect(Session session, string[] paths, TextReading reading)
    {
        List<string> texts = [];
        JsonArray json = [];
        foreach (string path in paths)
        {
            ICorpusSource source = TextInputs.Open(path, session, reading);
            CorpusSummary summary = WorkProgress.Run(session, path, "bytes", TextInputs.EstimateBytes([path]), progress =>
                CorpusSummary.Of(TextInputs.Read([source], progress, session.Cancellation))
            );
            texts.Add(Describe(path, summary));
            json.Add(
                new JsonObject
                {
                    ["path"] = path,
                    ["documents"] = summary.Documents,
                    ["bytes"] = summary.Bytes,
                    ["characters"] = summary.Characters,
                    ["words"] = summary.Words,
                    ["unique_words"] = summary.UniqueWords,
                    ["longest_bytes"] = summary.LongestBytes,
                    ["sample"] = summary.Sample,
                }
            );
        }

        session.Report(string.Join('\n', texts), new JsonObject { ["files"] = json });
        return ExitCode.Done;
    }

    private static string Describe(string path, CorpusSummary summary) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {path}
              documents     {summary.Documents} (the longest {ByteSize.Format(summary.LongestBytes)})
              text          {ByteSize.Format(summary.Bytes)}, {summary.Characters} characters
              words         {summary.Words}, {summary.UniqueWords} different
              begins        {summary.Sample.ReplaceLineEndings(" ⏎ ")}
            """
        );
}
