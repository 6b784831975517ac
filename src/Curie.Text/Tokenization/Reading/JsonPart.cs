using System.Text;
using System.Text.Json;
using Curie.Numerics;

namespace Curie.Text.Tokenization.Reading;

/// <summary>An object of a tokenizer's JSON, which is read by the names of its properties.</summary>
/// <param name="Path">The file, as the user wrote it.</param>
/// <param name="Name">What it is, e.g. <c>pre_tokenizer</c>.</param>
/// <param name="Element">The object.</param>
internal readonly record struct JsonPart(string Path, string Name, JsonElement Element)
{
    /// <summary>What <c>type</c> says.</summary>
    public string Type => OptionalText("type") ?? "without a type";

    /// <summary>A property that is there and not null.</summary>
    public JsonElement? Find(string property) =>
        Element.ValueKind != JsonValueKind.Object ? throw Wrong("is not an object")
        : Element.TryGetProperty(property, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value
        : null;

    /// <summary>An object inside; null where there is none.</summary>
    public JsonPart? Part(string property) => Find(property) is { } value ? new JsonPart(Path, property, value) : null;

    /// <summary>The objects of a list inside.</summary>
    public IEnumerable<JsonPart> Parts(string property)
    {
        JsonPart owner = this;
        return List(property).Select(value => new JsonPart(owner.Path, owner.Name, value));
    }

    /// <summary>The values of a list inside; none where there is no list.</summary>
    public JsonElement[] List(string property) =>
        Find(property) is not { } value ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()]
        : throw Wrong($"has a \"{property}\" that is not a list");

    /// <summary>A string; null where there is none.</summary>
    public string? OptionalText(string property) =>
        Find(property) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? Decoded(value)
        : throw Wrong($"has a \"{property}\" that is not a string");

    /// <summary>A string.</summary>
    public string Text(string property) => OptionalText(property) ?? throw Wrong($"has no \"{property}\"");

    /// <summary>A string of one character.</summary>
    public Rune Character(string property, string otherwise)
    {
        string text = OptionalText(property) ?? otherwise;
        return Rune.TryGetRuneAt(text.Length == 0 ? " " : text, 0, out Rune rune) && rune.Utf16SequenceLength == text.Length
            ? rune
            : throw Wrong($"has a \"{property}\" that is not one character");
    }

    /// <summary>Yes or no.</summary>
    public bool Flag(string property, bool otherwise = false) =>
        Find(property) is not { } value ? otherwise
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.ValueKind == JsonValueKind.True
        : throw Wrong($"has a \"{property}\" that is neither true nor false");

    /// <summary>A whole number that is not negative.</summary>
    public int Count(string property, int otherwise = 0) =>
        Find(property) is not { } value ? otherwise
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int count) && count >= 0 ? count
        : throw Wrong($"has a \"{property}\" that is no count");

    /// <summary>What is not as it must be.</summary>
    public InputException Wrong(string what) =>
        new($"{Path}: {PrintableText.Plain(Name)} {what}; give a Hugging Face tokenizer.json as its library writes it.");

    /// <summary>What is understood and not supported.</summary>
    public InputException Unsupported(string what) =>
        new(
            $"{Path} uses {PrintableText.Plain(what)}, which Curie does not support; give a tokenizer without it, or train one with curie "
                + "tokenizer train."
        );

    /// <summary>A string of JSON, which may hold half a surrogate pair.</summary>
    private string Decoded(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong("has a string that is not Unicode");
        }
    }
}
