using System.Text;

namespace Curie.Text.Corpora;

/// <summary>What a set of documents amounts to.</summary>
/// <param name="Documents">How many.</param>
/// <param name="Bytes">Of text in UTF-8.</param>
/// <param name="Characters">Unicode code points.</param>
/// <param name="Words">Runs of characters that are not white space.</param>
/// <param name="UniqueWords">Different words, letter case told apart.</param>
/// <param name="LongestBytes">The bytes of the longest document.</param>
/// <param name="Sample">The beginning of the first document that is not empty.</param>
public sealed record CorpusSummary(
    long Documents,
    long Bytes,
    long Characters,
    long Words,
    long UniqueWords,
    long LongestBytes,
    string Sample
)
{
    private const int SampleCharacters = 200;

    /// <summary>Reads all documents once.</summary>
    public static CorpusSummary Of(IEnumerable<Document> documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        (long count, long bytes, long characters, long words, long longest) = (0, 0, 0, 0, 0);
        string sample = "";
        HashSet<string> unique = new(StringComparer.Ordinal);
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> lookup = unique.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (Document document in documents)
        {
            string text = document.Text;
            int size = Encoding.UTF8.GetByteCount(text);
            count++;
            bytes += size;
            characters += text.Length - text.Count(char.IsLowSurrogate);
            longest = Math.Max(longest, size);
            sample = sample.Length == 0 ? Beginning(text) : sample;
            words += AddWords(text, lookup);
        }

        return new CorpusSummary(count, bytes, characters, words, unique.Count, longest, sample);
    }

    private static long AddWords(ReadOnlySpan<char> text, HashSet<string>.AlternateLookup<ReadOnlySpan<char>> unique)
    {
        long words = 0;
        int start = -1;
        for (int i = 0; i <= text.Length; i++)
        {
            bool inside = i < text.Length && !char.IsWhiteSpace(text[i]);
            if (inside && start < 0)
            {
                start = i;
            }
            else if (!inside && start >= 0)
            {
                unique.Add(text[start..i]);
                words++;
                start = -1;
            }
        }

        return words;
    }

    private static string Beginning(string text)
    {
        int length = Math.Min(text.Length, SampleCharacters);
        return text[..(length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
    }
}
