using System.Text.Json;
using Curie.Numerics;
using Curie.Text.Tokenization.Models;

namespace Curie.Text.Tokenization.Reading;

/// <summary>Reads a <c>model</c> of type BPE.</summary>
internal static class BpeReader
{
    public static BpeModel Read(JsonPart part)
    {
        if (part.Find("dropout") is { } dropout && !(dropout.ValueKind == JsonValueKind.Number && dropout.GetDouble() == 0))
        {
            throw part.Unsupported("the model option dropout");
        }

        BpeOptions options = new()
        {
            Unknown = part.OptionalText("unk_token"),
            FuseUnknown = part.Flag("fuse_unk"),
            ByteFallback = part.Flag("byte_fallback"),
            IgnoreMerges = part.Flag("ignore_merges"),
            ContinuingPrefix = part.OptionalText("continuing_subword_prefix") ?? "",
            EndOfWordSuffix = part.OptionalText("end_of_word_suffix") ?? "",
        };
        Dictionary<string, int> vocabulary = Vocabulary(part);
        if (part.Find("merges") is not { ValueKind: JsonValueKind.Array } merges)
        {
            throw new InputException($"{part.Path} has no \"merges\" in its model; give a complete tokenizer.json.");
        }

        List<(string Left, string Right)> pairs = new(merges.GetArrayLength());
        foreach (JsonElement entry in merges.EnumerateArray())
        {
            pairs.Add(
                Pair(entry)
                    ?? throw new InputException(
                        $"{part.Path} has merge {pairs.Count} {PrintableText.Quote(entry.ToString())}, which is not two tokens; write "
                            + "it as \"a b\" "
                            + "or [\"a\", \"b\"]."
                    )
            );
        }

        return Create(vocabulary, pairs, options, part.Path);
    }

    /// <summary>A model of a vocabulary and its merges, by the names of the tokens.</summary>
    /// <exception cref="InputException">A merge names or makes what is no token.</exception>
    public static BpeModel Create(
        Dictionary<string, int> vocabulary,
        List<(string Left, string Right)> pairs,
        BpeOptions options,
        string path
    )
    {
        List<Merge> merges = new(pairs.Count);
        foreach ((string left, string right) in pairs)
        {
            if (!right.StartsWith(options.ContinuingPrefix, StringComparison.Ordinal))
            {
                throw new InputException(
                    $"{path} has merge {merges.Count}, whose second token {PrintableText.Quote(right)} does not begin with the "
                        + "continuing prefix; "
                        + "correct it."
                );
            }

            merges.Add(
                new Merge(
                    Known(left, merges.Count),
                    Known(right, merges.Count),
                    Known(left + right[options.ContinuingPrefix.Length..], merges.Count)
                )
            );
        }

        return new BpeModel(vocabulary, new MergeTable(merges), pairs, options) { List = merges, Owner = path };

        int Known(string token, int merge) =>
            vocabulary.TryGetValue(token, out int id)
                ? id
                : throw new InputException(
                    $"{path} has merge {merge}, whose token {PrintableText.Quote(token)} is not in the vocabulary; a shortened "
                        + "vocabulary needs "
                        + "its merges shortened too."
                );
    }

    /// <summary>The vocabulary of a model.</summary>
    public static Dictionary<string, int> Vocabulary(JsonPart part) =>
        part.Find("vocab") is not { } vocabulary
            ? throw new InputException($"{part.Path} has no \"vocab\" in its model; give a complete tokenizer.json.")
        : vocabulary.ValueKind == JsonValueKind.Object ? TokenIds.Read(vocabulary, part.Path)
        : throw part.Wrong("has a \"vocab\" that is not an object of tokens and ids");

    private static (string Left, string Right)? Pair(JsonElement entry)
    {
        string[] parts = entry.ValueKind switch
        {
            JsonValueKind.String => entry.GetString()!.Split(' '),
            JsonValueKind.Array when entry.EnumerateArray().All(part => part.ValueKind == JsonValueKind.String) =>
            [
                .. entry.EnumerateArray().Select(part => part.GetString()!),
            ],
            _ => [],
        };
        return parts is [var left, var right] ? (left, right) : null;
    }
}
