using System.Text;
using System.Text.Json;
using Curie.Numerics;
using Curie.Text.Tokenization.Decoders;
using Curie.Text.Tokenization.Models;
using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Reading;

/// <summary>
/// Makes tokenizers of characters: nanoGPT's <c>meta.pkl</c>, the same as JSON, or a JSON list of the characters in order.
/// </summary>
internal static class Characters
{
    private const string JsonKind = "JSON of characters";

    /// <summary>Whether an object holds nanoGPT's tables.</summary>
    public static bool IsMeta(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && (json.TryGetProperty("itos", out _) || json.TryGetProperty("stoi", out _));

    /// <summary>Reads the JSON of <c>meta</c>: <c>itos</c>, a list or an object by id, or <c>stoi</c>.</summary>
    public static Tokenizer ReadMeta(JsonElement json, string path)
    {
        Dictionary<string, int>? back = json.TryGetProperty("stoi", out JsonElement stoi) ? TokenIds.Read(Object(stoi, path), path) : null;
        if (!json.TryGetProperty("itos", out JsonElement itos))
        {
            return Create(back!, path, JsonKind);
        }

        Dictionary<string, int> ids =
            itos.ValueKind == JsonValueKind.Array
                ? List(itos, path)
                : Swapped(Object(itos, path).EnumerateObject().Select(entry => (entry.Name, Text(entry.Value, path))), path);
        if (back is not null)
        {
            CheckBack(ids, [.. back.Select(entry => ((string?)entry.Key, (long?)entry.Value))], path);
        }

        return Create(ids, path, JsonKind);
    }

    /// <summary>Reads a list of characters, whose place is their id.</summary>
    public static Tokenizer ReadList(JsonElement list, string path) => Create(List(list, path), path, JsonKind);

    private static Dictionary<string, int> List(JsonElement list, string path)
    {
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        foreach (JsonElement value in list.EnumerateArray())
        {
            string text = Text(value, path);
            if (!ids.TryAdd(text, ids.Count))
            {
                throw Twice(text, path);
            }
        }

        return ids;
    }

    /// <summary>Reads <c>meta.pkl</c>.</summary>
    public static Tokenizer ReadPickle(Stream stream, string path)
    {
        if (
            PlainPickle.Read(stream, path) is not Dictionary<object, object?> meta
            || meta.GetValueOrDefault("itos") is not Dictionary<object, object?> itos
        )
        {
            throw new InputException(
                $"{path} has no \"itos\", the characters by their ids; give nanoGPT's meta.pkl of a character vocabulary."
            );
        }

        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        foreach ((object key, object? value) in itos)
        {
            if (key is not long id || id is < 0 or >= TokenIds.Most || value is not string text)
            {
                throw new InputException($"{path} has an \"itos\" that is not characters by their ids; give nanoGPT's meta.pkl.");
            }

            if (!ids.TryAdd(text, (int)id))
            {
                throw Twice(text, path);
            }
        }

        if (meta.TryGetValue("stoi", out object? stoi))
        {
            CheckBack(
                ids,
                stoi is Dictionary<object, object?> back ? [.. back.Select(entry => (entry.Key as string, entry.Value as long?))] : null,
                path
            );
        }

        return Create(ids, path, "nanoGPT's meta.pkl");
    }

    /// <summary>A tokenizer of characters and their ids.</summary>
    public static Tokenizer Create(Dictionary<string, int> ids, string path, string kind)
    {
        if (ids.Count == 0)
        {
            throw new InputException($"{path} has no characters; give a list of them.");
        }

        foreach (string text in ids.Keys)
        {
            if (!Rune.TryGetRuneAt(text.Length == 0 ? "\uD800" : text, 0, out Rune rune) || rune.Utf16SequenceLength != text.Length)
            {
                throw new InputException(
                    $"{path} has the token {PrintableText.Quote(text)}, which is not one character; give a vocabulary of characters."
                );
            }
        }

        return new PipelineTokenizer(
            new TokenizerDesign(path, new CharacterModel(ids, path)) { Kind = kind, Decoders = [new FuseDecoder()] }
        );
    }

    /// <summary>Requires that <c>stoi</c> leads back from the characters to the ids that <c>itos</c> gives them.</summary>
    private static void CheckBack(Dictionary<string, int> ids, (string? Text, long? Id)[]? back, string path)
    {
        (string? Text, long? Id) other = default;
        bool agrees = back is not null && back.Length == ids.Count;
        foreach ((string? text, long? id) in back ?? [])
        {
            if (text is null || !ids.TryGetValue(text, out int known) || known != id)
            {
                (agrees, other) = (false, (text, id));
                break;
            }
        }

        if (!agrees)
        {
            string which = other.Text is string shown ? $" about {PrintableText.Quote(shown)}" : string.Empty;
            throw new InputException(
                $"{path} has tables \"stoi\" and \"itos\" that do not agree{which}, so that text would not come back from its ids; write "
                    + "both again from one list of characters."
            );
        }
    }

    private static Dictionary<string, int> Swapped(IEnumerable<(string Id, string Text)> entries, string path)
    {
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        HashSet<int> taken = [];
        foreach ((string key, string text) in entries)
        {
            if (
                !int.TryParse(key, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int id)
                || id >= TokenIds.Most
            )
            {
                throw new InputException($"{path} has the id {PrintableText.Quote(key)}, which is not a whole number; correct it.");
            }

            if (!ids.TryAdd(text, id) || !taken.Add(id))
            {
                throw Twice(text, path);
            }
        }

        return ids;
    }

    private static JsonElement Object(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Object
            ? value
            : throw new InputException($"{path} has tables that are not objects; give nanoGPT's meta as JSON.");

    private static string Text(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new InputException($"{path} has a value that is not a string where a character is needed; correct it.");

    private static InputException Twice(string text, string path) =>
        new($"{path} has the character {PrintableText.Quote(text)} or its id twice; characters and ids must differ.");
}
