namespace Curie.Response.Modes;

/// <summary>A token and its score.</summary>
/// <param name="Token">The token's index in the run.</param>
/// <param name="Score">Its score.</param>
public readonly record struct TokenScore(int Token, double Score);

/// <summary>The tokens at the two ends of a mode, or of any other score.</summary>
/// <param name="Top">The highest scores, falling.</param>
/// <param name="Bottom">The lowest scores, rising.</param>
public sealed record ModeExtremes(IReadOnlyList<TokenScore> Top, IReadOnlyList<TokenScore> Bottom)
{
    /// <summary>Finds the ends; of equal scores the token of lower index comes first.</summary>
    /// <param name="scores">One score per token.</param>
    /// <param name="count">How many at each end; fewer where there are fewer tokens.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static ModeExtremes Of(ReadOnlySpan<double> scores, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new ModeExtremes(Highest(scores, count, 1), Highest(scores, count, -1));
    }

    /// <summary>Finds the ends among different tokens: each id appears at most once at an end, by its most extreme occurrence.</summary>
    /// <param name="scores">One score per token.</param>
    /// <param name="ids">The id of each token.</param>
    /// <param name="count">How many at each end; fewer where there are fewer ids.</param>
    /// <exception cref="ArgumentException">There is not one id per score.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static ModeExtremes OfDistinct(ReadOnlySpan<double> scores, ReadOnlySpan<int> ids, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (ids.Length != scores.Length)
        {
            throw new ArgumentException($"{ids.Length} ids do not fit {scores.Length} scores.", nameof(ids));
        }

        return new ModeExtremes(HighestDistinct(scores, ids, count, 1), HighestDistinct(scores, ids, count, -1));
    }

    private static TokenScore[] HighestDistinct(ReadOnlySpan<double> scores, ReadOnlySpan<int> ids, int count, int sign)
    {
        Dictionary<int, TokenScore> best = [];
        for (int token = 0; token < scores.Length; token++)
        {
            if (!best.TryGetValue(ids[token], out TokenScore known) || sign * scores[token] > sign * known.Score)
            {
                best[ids[token]] = new TokenScore(token, scores[token]);
            }
        }

        return [.. best.Values.OrderByDescending(entry => sign * entry.Score).ThenBy(entry => entry.Token).Take(count)];
    }

    private static TokenScore[] Highest(ReadOnlySpan<double> scores, int count, int sign)
    {
        // The queue's head is the worst token kept: the lowest signed score, and of equals the highest index.
        PriorityQueue<int, (double Score, int Rank)> kept = new(count + 1);
        for (int token = 0; token < scores.Length; token++)
        {
            kept.Enqueue(token, (sign * scores[token], -token));
            if (kept.Count > count)
            {
                kept.Dequeue();
            }
        }

        TokenScore[] result = new TokenScore[kept.Count];
        for (int place = result.Length - 1; place >= 0; place--)
        {
            int token = kept.Dequeue();
            result[place] = new TokenScore(token, scores[token]);
        }

        return result;
    }
}
