using Curie.Numerics.Random;
using Curie.Response.Runs;

namespace Curie.Page;

/// <summary>A stretch of one row of a probe that the page shows as running text.</summary>
/// <param name="Probe">The probe.</param>
/// <param name="Row">The row of its data.</param>
/// <param name="FirstPosition">The first position t of the stretch.</param>
/// <param name="FirstToken">The first followed token, as an index into the run's tokens.</param>
/// <param name="TokenCount">How many followed tokens it has; they stand together in the run.</param>
internal sealed record Passage(int Probe, int Row, int FirstPosition, int FirstToken, int TokenCount)
{
    /// <summary>The positions of a stretch.</summary>
    public const int Length = 128;

    /// <summary>Cuts a run's tokens into passages, in the run's order.</summary>
    public static IReadOnlyList<Passage> Of(TokenTable tokens)
    {
        List<Passage> passages = [];
        int first = 0;
        for (int token = 1; token <= tokens.Count; token++)
        {
            if (token == tokens.Count || Key(tokens, token) != Key(tokens, first))
            {
                (int probe, int row, int stretch) = Key(tokens, first);
                passages.Add(new Passage(probe, row, stretch * Length, first, token - first));
                first = token;
            }
        }

        return passages;
    }

    /// <summary>
    /// The passages that fit: one of every probe in turn, each probe's in a random order that the seed decides, but those of some rows
    /// first, until the next would be one too many tokens; at least one. They come back in the run's order.
    /// </summary>
    public static IReadOnlyList<Passage> Choose(
        IReadOnlyList<Passage> all,
        int mostTokens,
        long seed,
        IReadOnlySet<(int Probe, int Row)>? first = null
    )
    {
        if (all.Sum(passage => (long)passage.TokenCount) <= mostTokens)
        {
            return all;
        }

        Passage[][] probes = [.. all.GroupBy(passage => passage.Probe).Select(group => Ordered(group, seed, first))];
        List<Passage> chosen = [];
        int tokens = 0;
        for (int turn = 0; turn < probes.Max(probe => probe.Length); turn++)
        {
            foreach (Passage passage in probes.Where(probe => turn < probe.Length).Select(probe => probe[turn]))
            {
                if (chosen.Count > 0 && tokens + passage.TokenCount > mostTokens)
                {
                    return [.. chosen.OrderBy(kept => kept.FirstToken)];
                }

                chosen.Add(passage);
                tokens += passage.TokenCount;
            }
        }

        return [.. chosen.OrderBy(kept => kept.FirstToken)];
    }

    private static (int Probe, int Row, int Stretch) Key(TokenTable tokens, int token) =>
        (tokens.Probe[token], tokens.Row[token], tokens.Position[token] / Length);

    private static Passage[] Ordered(IGrouping<int, Passage> probe, long seed, IReadOnlySet<(int Probe, int Row)>? first)
    {
        Passage[] passages = [.. probe];
        new PhiloxStream(PhiloxKey.Derive(seed, RandomPurpose.Bootstrap, "passages of the page", probe.Key)).Shuffle<Passage>(passages);
        return first is null
            ? passages
            :
            [
                .. passages.Where(passage => first.Contains((passage.Probe, passage.Row))).OrderBy(passage => passage.FirstToken),
                .. passages.Where(passage => !first.Contains((passage.Probe, passage.Row))),
            ];
    }
}
