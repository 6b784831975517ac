using System.Text.Json;
using Curie.Text.Tokenization.Patterns;

namespace Curie.Text.Tokenization.Reading;

/// <summary>Reads <c>pattern</c>: <c>{"String": "…"}</c> or <c>{"Regex": "…"}</c>.</summary>
internal static class PatternReader
{
    public static ITextPattern Read(JsonPart owner)
    {
        if (owner.Find("pattern") is not { ValueKind: JsonValueKind.Object } element)
        {
            throw owner.Wrong("has no \"pattern\" that is an object");
        }

        JsonPart pattern = new(owner.Path, owner.Name, element);
        if (pattern.OptionalText("Regex") is { } regex)
        {
            return Literal(regex) is { } plain ? new LiteralPattern(plain) : new RegexPattern(regex, RegexDialect.Oniguruma, owner.Path);
        }

        string text = pattern.Text("String");
        return text.Length > 0 ? new LiteralPattern(text) : throw owner.Unsupported("an empty pattern");
    }

    /// <summary>A regular expression that is nothing but letters, digits and spaces stands for itself.</summary>
    private static string? Literal(string regex) =>
        regex.Length > 0 && regex.All(sign => char.IsAsciiLetterOrDigit(sign) || sign == ' ') ? regex : null;
}
