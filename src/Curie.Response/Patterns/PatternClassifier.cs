using Curie.Response.Runs;
using Curie.Text.Packing;

namespace Curie.Response.Patterns;

/// <summary>Decides which patterns the tokens of a run belong to.</summary>
/// <param name="patterns">The patterns; one named in <see cref="TokenPattern.Except"/> stands before the one that names it.</param>
/// <param name="text">The text of a token id.</param>
/// <param name="rows">The token rows of each probe; null where they are missing.</param>
/// <param name="bigrams">Counts the wanted pairs in the corpus; null where there is none.</param>
public sealed class PatternClassifier(
    IReadOnlyList<TokenPattern> patterns,
    Func<int, string> text,
    IReadOnlyList<TokenRows?> rows,
    Func<IReadOnlyCollection<(int First, int Second)>, BigramCounts?> bigrams
)
{
    private readonly Dictionary<int, string> _texts = [];

    /// <summary>Classifies every token.</summary>
    public TokenClasses Classify(TokenTable tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        bool[] known = new bool[patterns.Count];
        bool[][] members = [.. patterns.Select(_ => new bool[tokens.Count])];
        bool allRows = rows.All(row => row is not null);
        BigramCounts? counts = allRows && patterns.Any(pattern => pattern.LargestBigramShare is not null) ? bigrams(Repeats(tokens)) : null;
        List<string> notes = [];
        for (int p = 0; p < patterns.Count; p++)
        {
            TokenPattern pattern = patterns[p];
            if (pattern.NeedsContext && !allRows)
            {
                notes.Add($"The pattern {pattern.Name} looks at the context, and token rows are missing: it is left out.");
                continue;
            }

            if (pattern.LargestBigramShare is not null && counts is null)
            {
                notes.Add($"The pattern {pattern.Name} needs bigram counts, and the corpus is missing: it is left out.");
                continue;
            }

            known[p] = true;
            Fill(tokens, p, members, counts);
        }

        int[] kept = [.. Enumerable.Range(0, patterns.Count).Where(p => known[p])];
        return new TokenClasses([.. kept.Select(p => patterns[p].Name)], [.. kept.Select(p => members[p])], notes);
    }

    private void Fill(TokenTable tokens, int p, bool[][] members, BigramCounts? counts)
    {
        TokenPattern pattern = patterns[p];
        int[] excluded = [.. Enumerable.Range(0, p).Where(other => pattern.Except.Contains(patterns[other].Name))];
        RowMemory memory = new(rows);
        for (int i = 0; i < tokens.Count; i++)
        {
            members[p][i] =
                (pattern.Text is null || pattern.Text.IsMatch(Text(tokens.Id[i])))
                && !excluded.Any(other => members[other][i])
                && (
                    !pattern.NeedsContext || HoldsInContext(pattern, memory.Row(tokens.Probe[i], tokens.Row[i]), tokens.Position[i], counts)
                );
        }
    }

    private bool HoldsInContext(TokenPattern pattern, int[] row, int position, BigramCounts? counts)
    {
        int target = position + 1;
        bool hasNext = target + 1 < row.Length;
        if (
            (pattern.Previous is not null && !pattern.Previous.IsMatch(Text(row[position])))
            || (pattern.Next is not null && !(hasNext && pattern.Next.IsMatch(Text(row[target + 1]))))
            || (pattern.NextNot is not null && !(hasNext && !pattern.NextNot.IsMatch(Text(row[target + 1]))))
        )
        {
            return false;
        }

        return (!pattern.Repeated || IsRepeated(row, position))
            && (pattern.LargestBigramShare is not { } largest || Share(counts, row, position) <= largest);
    }

    /// <summary>Only repeated pairs are counted; without that condition a share is needed of every pair.</summary>
    private static double Share(BigramCounts? counts, int[] row, int position) => counts!.Share(row[position], row[position + 1]);

    private static bool IsRepeated(int[] row, int position)
    {
        for (int t = 0; t < position; t++)
        {
            if (row[t] == row[position] && row[t + 1] == row[position + 1])
            {
                return true;
            }
        }

        return false;
    }

    private HashSet<(int First, int Second)> Repeats(TokenTable tokens)
    {
        bool onlyRepeats = patterns.All(pattern => pattern.LargestBigramShare is null || pattern.Repeated);
        HashSet<(int, int)> pairs = [];
        RowMemory memory = new(rows);
        for (int i = 0; i < tokens.Count; i++)
        {
            int[] row = memory.Row(tokens.Probe[i], tokens.Row[i]);
            if (!onlyRepeats || IsRepeated(row, tokens.Position[i]))
            {
                pairs.Add((row[tokens.Position[i]], row[tokens.Position[i] + 1]));
            }
        }

        return pairs;
    }

    private string Text(int id)
    {
        if (!_texts.TryGetValue(id, out string? known))
        {
            _texts.Add(id, known = text(id));
        }

        return known;
    }

    /// <summary>The row that was read last: tokens come row by row.</summary>
    private sealed class RowMemory(IReadOnlyList<TokenRows?> rows)
    {
        private (int Probe, int Row) _place = (-1, -1);
        private int[] _tokens = [];

        public int[] Row(int probe, int row)
        {
            if (_place != (probe, row))
            {
                _place = (probe, row);
                _tokens = rows[probe]!.Row(row);
            }

            return _tokens;
        }
    }
}
