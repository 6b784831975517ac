using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Curie.Cli.Invocation;
using Curie.Text.Sources;
using Curie.Text.Tokenization;

namespace Curie.Cli.Commands;

/// <summary><c>curie tokenizer decode</c>: the texts of token ids.</summary>
internal static class TokenizerDecodeCommand
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static CurieCommand Create(Session session)
    {
        Option<string> tokenizer = TokenizerOptions.Tokenizer();
        Option<string?> pattern = TokenizerOptions.Pattern();
        Option<string[]> data = new("--data")
        {
            Description = "JSON arrays of token ids, one a line, as encode prints them; - for standard input. Repeat it for several.",
            HelpName = "FILE",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        CurieCommand command = new(
            session,
            "decode",
            "Print the text of token ids, for every line of them a JSON object with the text.",
            "curie tokenizer decode --tokenizer tokenizer.json --data ids.jsonl"
        )
        {
            tokenizer,
            pattern,
            data,
        };
        command.Runs(parsed =>
        {
            Tokenizer vocabulary = TokenizerFile.Load(parsed.GetRequiredValue(tokenizer), parsed.GetValue(pattern));
            foreach (string path in parsed.GetRequiredValue(data))
            {
                foreach (int[] ids in path == "-" ? TokenLines.Read(session.Terminal.Input(), "standard input") : TokenLines.Read(path))
                {
                    session.Cancellation.ThrowIfCancellationRequested();
                    session.Terminal.Output.WriteLine(JsonSerializer.Serialize(new { text = vocabulary.Decode(ids) }, Readable));
                }
            }

            return ExitCode.Done;
        });
        return command;
    }
}
