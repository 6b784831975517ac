namespace Curie.Studies.Configuration.Yaml;

/// <summary>Finds the known word that a misspelt one was meant to be.</summary>
internal static class Spelling
{
    /// <summary>
    /// The known word at the least edit distance (insertions, deletions, replacements, swaps of neighbours), or null when none is nearer
    /// than about a third of the word; of equally near ones, the first.
    /// </summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        int limit = Math.Max(1, (word.Length + 1) / 3);
        return known
            .Select(candidate => (Candidate: candidate, Distance: Distance(word, candidate)))
            .Where(pair => pair.Distance <= limit)
            .OrderBy(pair => pair.Distance)
            .Select(pair => pair.Candidate)
            .FirstOrDefault();
    }

    /// <summary>"; did you mean "x"?" when a known word is near, or else the list of known words.</summary>
    public static string Advice(string word, IReadOnlyCollection<string> known) =>
        Nearest(word, known) is { } nearest ? $"; did you mean \"{nearest}\"?" : $"; known here: {string.Join(", ", known.Distinct())}.";

    /// <summary>The restricted Damerau–Levenshtein distance.</summary>
    public static int Distance(string a, string b)
    {
        int[,] distance = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                distance[i, j] =
                    i == 0 || j == 0
                        ? i + j
                        : Math.Min(
                            Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1,
                            distance[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                        );
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    distance[i, j] = Math.Min(distance[i, j], distance[i - 2, j - 2] + 1);
                }
            }
        }

        return distance[a.Length, b.Length];
    }
}
