using System.Text.Json;
using Curie.Numerics;

namespace Curie.Text.Tokenization.Reading;

/// <summary>Ids of tokens in files: whole numbers, not negative, and bounded.</summary>
internal static class TokenIds
{
    /// <summary>More than any vocabulary has.</summary>
    public const int Most = 1 << 24;

    /// <summary>An id.</summary>
    public static int Read(JsonElement value, string token, string path) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int id) && id is >= 0 and < Most
            ? id
            : throw new InputException(
                $"{path} gives the token {PrintableText.Quote(token)} an id that is not one of the whole numbers from 0 "
                    + $"to {Most - 1}; correct it."
            );

    /// <summary>A vocabulary, in which no two tokens have one id.</summary>
    public static Dictionary<string, int> Read(JsonElement vocabulary, string path)
    {
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        HashSet<int> taken = [];
        foreach (JsonProperty entry in vocabulary.EnumerateObject())
        {
            int id = Read(entry.Value, entry.Name, path);
            if (!ids.TryAdd(entry.Name, id) || !taken.Add(id))
            {
                throw new InputException(
                    $"{path} gives the id {id} to two tokens, the second {PrintableText.Quote(entry.Name)}; ids must differ."
                );
            }
        }

        return ids;
    }
}
