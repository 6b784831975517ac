using Curie.Numerics;
using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Reading;

/// <summary>Reads <c>added_tokens</c>.</summary>
internal static class AddedTokenReader
{
    /// <summary>A token with how it is recognised.</summary>
    public static AddedToken Flags(AddedToken token, JsonPart part) =>
        token with
        {
            IsSpecial = part.Flag("special"),
            StripsLeft = part.Flag("lstrip"),
            StripsRight = part.Flag("rstrip"),
            SingleWord = part.Flag("single_word"),
            Normalized = part.Flag("normalized", !part.Flag("special")),
        };

    /// <summary>
    /// Reads the tokens. The id of one that is in the vocabulary is the vocabulary's; of two with the same name the later says how it is
    /// recognised, and either makes it special. An id that the vocabulary gives to another token is the added token's.
    /// </summary>
    public static IReadOnlyList<AddedToken> Read(JsonPart root, Dictionary<string, int> vocabulary)
    {
        Dictionary<string, AddedToken> tokens = new(StringComparer.Ordinal);
        Dictionary<int, string> taken = [];
        foreach (JsonPart part in root.Parts("added_tokens").Select(part => part with { Name = "added_tokens" }))
        {
            if (part.OptionalText("content") is not { } content || part.Find("id") is not { } number)
            {
                throw new InputException($"{root.Path} has an added token without \"content\" or \"id\"; give it both.");
            }

            int written = TokenIds.Read(number, content, root.Path);
            if (content.Length == 0)
            {
                continue;
            }

            int id = vocabulary.GetValueOrDefault(content, written);
            if (!taken.TryAdd(id, content) && taken[id] != content)
            {
                throw new InputException(
                    $"{root.Path} gives the id {id} to two tokens, the second {PrintableText.Quote(content)}; ids must differ."
                );
            }

            AddedToken token = Flags(new AddedToken(id, content), part);
            bool wasSpecial = tokens.TryGetValue(content, out AddedToken? before) && before.IsSpecial;
            tokens[content] = token with { IsSpecial = token.IsSpecial || wasSpecial };
        }

        return [.. tokens.Values];
    }
}
