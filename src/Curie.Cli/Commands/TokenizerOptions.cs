using System.CommandLine;
using Curie.Text.Tokenization;

namespace Curie.Cli.Commands;

/// <summary>The options about tokenizers that several commands share.</summary>
internal static class TokenizerOptions
{
    private const string Text = "text";
    private const string Token = "token";

    /// <summary>--tokenizer, required.</summary>
    public static Option<string> Tokenizer() =>
        new("--tokenizer")
        {
            Description =
                "The tokenizer: tokenizer.json, vocab.json with merges.txt beside it, a .tiktoken file, llama2.c's tokenizer.bin, "
                + "meta.pkl or a "
                + "JSON of characters; or a folder with one.",
            HelpName = "FILE",
            Required = true,
        };

    /// <summary>--pattern of tiktoken files.</summary>
    public static Option<string?> Pattern() =>
        new("--pattern")
        {
            Description =
                $"How a tiktoken file cuts text into words: one of {TokenizerFile.PatternNames}, or a regular expression; by default "
                + "the file's "
                + "name says it.",
            HelpName = "NAME",
        };

    /// <summary>--special.</summary>
    public static Option<string> Special()
    {
        Option<string> option = new("--special")
        {
            Description = "What the name of a special token is in the text: text, or the token itself.",
            HelpName = "text|token",
            DefaultValueFactory = _ => Text,
        };
        option.AcceptOnlyFromAmong(Text, Token);
        return option;
    }

    /// <summary>What --special says.</summary>
    public static SpecialText Parse(string? value) => value == Token ? SpecialText.Token : SpecialText.Text;
}
