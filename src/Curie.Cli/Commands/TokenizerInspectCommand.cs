using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Text.Tokenization;

namespace Curie.Cli.Commands;

/// <summary><c>curie tokenizer inspect</c>: what a tokenizer is.</summary>
internal static class TokenizerInspectCommand
{
    private const int MostSpecials = 8;

    public static CurieCommand Create(Session session)
    {
        Option<string> tokenizer = TokenizerOptions.Tokenizer();
        Option<string?> pattern = TokenizerOptions.Pattern();
        CurieCommand command = new(
            session,
            "inspect",
            "Say what a tokenizer is: its vocabulary, how it cuts text, its special tokens, and which of them begin rows and end "
                + "documents.",
            "curie tokenizer inspect --tokenizer tokenizer.json"
        )
        {
            tokenizer,
            pattern,
        };
        command.Runs(parsed =>
        {
            Inspect(session, TokenizerFile.Load(parsed.GetRequiredValue(tokenizer), parsed.GetValue(pattern)));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Inspect(Session session, Tokenizer tokenizer)
    {
        List<(string Name, string Value)> lines =
        [
            ("tokens", tokenizer.VocabularySize.ToString(CultureInfo.InvariantCulture)),
            .. tokenizer.Parts.Select(part => (part.Name, part.Value)),
            ("special tokens", Specials(tokenizer.Specials)),
            ("begins rows", Named(tokenizer, tokenizer.BosId)),
            ("ends documents", Named(tokenizer, tokenizer.EosId)),
        ];
        int width = lines.Max(line => line.Name.Length);
        JsonObject parts = [];
        foreach (TokenizerPart part in tokenizer.Parts)
        {
            parts[part.Name] = part.Value;
        }

        session.Report(
            $"{tokenizer.Name}\n" + string.Join('\n', lines.Select(line => $"  {line.Name.PadRight(width)}  {line.Value}")),
            new JsonObject
            {
                ["path"] = tokenizer.Name,
                ["vocabulary"] = tokenizer.VocabularySize,
                ["parts"] = parts,
                ["special"] = new JsonArray([
                    .. tokenizer.Specials.Select(special => new JsonObject { ["id"] = special.Id, ["content"] = special.Content }),
                ]),
                ["begin_row"] = tokenizer.BosId,
                ["end_document"] = tokenizer.EosId,
            }
        );
    }

    private static string Specials(IReadOnlyList<SpecialToken> specials) =>
        specials.Count == 0
            ? "none"
            : string.Join(", ", specials.Take(MostSpecials).Select(special => $"{special.PrintableContent} {special.Id}"))
                + (specials.Count > MostSpecials ? $", and {specials.Count - MostSpecials} more" : "");

    private static string Named(Tokenizer tokenizer, int? id) =>
        id is { } known ? $"{tokenizer.Describe(known)} {known}" : "no token; name one, or none, where rows are packed";
}
