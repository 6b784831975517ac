using System.CommandLine;
using Curie.Cli.Invocation;
using Curie.Text;
using Curie.Text.Sources;
using Curie.Text.Tokenization;

namespace Curie.Cli.Commands;

/// <summary><c>curie tokenizer encode</c>: the token ids of texts.</summary>
internal static class TokenizerEncodeCommand
{
    public static CurieCommand Create(Session session)
    {
        Option<string> tokenizer = TokenizerOptions.Tokenizer();
        Option<string?> pattern = TokenizerOptions.Pattern();
        Option<string[]> data = new("--data")
        {
            Description = $"The text: {TextInputs.Description}. Repeat it for several.",
            HelpName = "FILE",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string?> format = TextInputs.Format();
        Option<string?> column = TextInputs.Column();
        Option<string> special = TokenizerOptions.Special();
        Option<bool> template = new("--template")
        {
            Description = "Put what the tokenizer's own template has around every text, such as a token at the beginning.",
        };
        CurieCommand command = new(
            session,
            "encode",
            "Print the token ids of every document as a JSON array, one a line.",
            "curie tokenizer encode --tokenizer tokenizer.json --data corpus/heldout.jsonl"
        )
        {
            tokenizer,
            pattern,
            data,
            format,
            column,
            special,
            template,
        };
        command.Runs(parsed =>
        {
            Tokenizer vocabulary = TokenizerFile.Load(parsed.GetRequiredValue(tokenizer), parsed.GetValue(pattern));
            TextEncoder encoder = vocabulary.CreateEncoder(TokenizerOptions.Parse(parsed.GetValue(special)), parsed.GetValue(template));
            TextReading reading = TextInputs.Reading(parsed, format, column);
            List<int> ids = [];
            foreach (string path in parsed.GetRequiredValue(data))
            {
                foreach (Document document in TextInputs.Open(path, session, reading).Read())
                {
                    session.Cancellation.ThrowIfCancellationRequested();
                    ids.Clear();
                    encoder.Encode(document.Text, ids);
                    session.Terminal.Output.WriteLine($"[{string.Join(',', ids)}]");
                }
            }

            return ExitCode.Done;
        });
        return command;
    }
}
