using System.Text;
using Curie.Text.Tokenization;

namespace Curie.Text.Tests.Tokenization;

/// <summary>Byte-pair encoding as the definition reads: count every pair anew for every merge, and replace from left to right.</summary>
internal static class NaiveBpe
{
    public static List<(string Left, string Right)> Train(IEnumerable<string> texts, int merges, int minimumFrequency)
    {
        List<List<int>> words = [.. texts.SelectMany(Words)];
        List<string> tokens = [.. Enumerable.Range(0, 256).Select(id => ByteAlphabet.ToText([ByteAlphabet.Byte(id)]))];
        List<(string, string)> learned = [];
        while (learned.Count < merges)
        {
            var best = words
                .SelectMany(word => word.Zip(word.Skip(1)))
                .GroupBy(pair => pair)
                .Select(group => (Pair: group.Key, Count: group.Count()))
                .OrderByDescending(entry => entry.Count)
                .ThenBy(entry => entry.Pair.First)
                .ThenBy(entry => entry.Pair.Second)
                .FirstOrDefault();
            if (best.Count < Math.Max(1, minimumFrequency))
            {
                break;
            }

            learned.Add((tokens[best.Pair.First], tokens[best.Pair.Second]));
            tokens.Add(tokens[best.Pair.First] + tokens[best.Pair.Second]);
            words = [.. words.Select(word => Replace(word, best.Pair.First, best.Pair.Second, tokens.Count - 1))];
        }

        return learned;
    }

    public static List<int> Encode(BpeTokenizer tokenizer, ReadOnlySpan<byte> bytes)
    {
        List<int> ids = [];
        foreach (List<int> start in Words(bytes))
        {
            List<int> word = start;
            while (Lowest(tokenizer, word) is { } merge)
            {
                word = Replace(word, merge.Left, merge.Right, merge.Result);
            }

            ids.AddRange(word);
        }

        return ids;
    }

    private static Merge? Lowest(BpeTokenizer tokenizer, List<int> word)
    {
        foreach (Merge merge in tokenizer.Merges)
        {
            if (word.Zip(word.Skip(1)).Contains((merge.Left, merge.Right)))
            {
                return merge;
            }
        }

        return null;
    }

    private static List<List<int>> Words(string text) => Words(Encoding.UTF8.GetBytes(text));

    private static List<List<int>> Words(ReadOnlySpan<byte> bytes)
    {
        List<List<int>> words = [];
        while (!bytes.IsEmpty)
        {
            int length = PreTokenizer.NextLength(bytes);
            words.Add([.. bytes[..length].ToArray().Select(ByteAlphabet.Id)]);
            bytes = bytes[length..];
        }

        return words;
    }

    private static List<int> Replace(List<int> word, int left, int right, int result)
    {
        List<int> replaced = [];
        for (int i = 0; i < word.Count; i++)
        {
            bool found = i + 1 < word.Count && word[i] == left && word[i + 1] == right;
            replaced.Add(found ? result : word[i]);
            i += found ? 1 : 0;
        }

        return replaced;
    }
}
