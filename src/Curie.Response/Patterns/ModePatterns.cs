using Curie.Response.Modes;

namespace Curie.Response.Patterns;

/// <summary>How often a pattern occurs at the two ends of a mode.</summary>
/// <param name="Pattern">The pattern.</param>
/// <param name="BaseRate">Its share of all tokens.</param>
/// <param name="Top">Its share of the tokens with the highest scores.</param>
/// <param name="Bottom">Its share of those with the lowest.</param>
/// <param name="TopP">The two-sided p of <paramref name="Top"/> by the hypergeometric law, which takes tokens as drawn one by one.</param>
/// <param name="BottomP">The same of <paramref name="Bottom"/>.</param>
/// <param name="TopQ"><paramref name="TopP"/> adjusted for all tests of all modes, patterns and ends (Benjamini and Hochberg 1995).</param>
/// <param name="BottomQ">The same of <paramref name="BottomP"/>.</param>
/// <param name="MeanScore">The mean score of the pattern's tokens, in standard deviations of the mode's scores.</param>
public sealed record PatternLoading(
    string Pattern,
    double BaseRate,
    double Top,
    double Bottom,
    double TopP,
    double BottomP,
    double TopQ,
    double BottomQ,
    double MeanScore
);

/// <summary>The pattern loadings of one mode.</summary>
/// <param name="Group">The group's name.</param>
/// <param name="Mode">The mode, from 1.</param>
/// <param name="Extremes">How many tokens count as an end.</param>
/// <param name="Patterns">Every pattern.</param>
public sealed record ModePatterns(string Group, int Mode, int Extremes, IReadOnlyList<PatternLoading> Patterns)
{
    /// <summary>The tokens at an end: a hundredth of all, from 20 to 1,000, at most half of them.</summary>
    public static int ExtremesOf(int tokens) => Math.Min(Math.Clamp(tokens / 100, 20, 1000), tokens / 2);

    /// <summary>Loads the first modes of every group.</summary>
    /// <param name="groups">The modes.</param>
    /// <param name="classes">The patterns of all tokens of the run.</param>
    /// <param name="modes">How many modes of each group.</param>
    /// <param name="firstToken">The run's token that is token 0 of the modes.</param>
    public static IReadOnlyList<ModePatterns> Of(IReadOnlyList<GroupModes> groups, TokenClasses classes, int modes, int firstToken = 0)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(classes);
        ModePatterns[] loaded =
        [
            .. groups
                .Where(group => group.Modes is not null)
                .SelectMany(group =>
                    Enumerable
                        .Range(0, Math.Min(modes, group.Modes!.Count))
                        .Select(k => Of(group.Name, k, group.Modes!.Scores(k), classes, firstToken))
                ),
        ];
        double[] q = FalseDiscovery.Adjust([
            .. loaded.SelectMany(mode => mode.Patterns).SelectMany(one => new[] { one.TopP, one.BottomP }),
        ]);
        int at = 0;
        return
        [
            .. loaded.Select(mode =>
                mode with
                {
                    Patterns = [.. mode.Patterns.Select(one => one with { TopQ = q[at++], BottomQ = q[at++] })],
                }
            ),
        ];
    }

    private static ModePatterns Of(string group, int mode, double[] scores, TokenClasses classes, int firstToken)
    {
        int count = ExtremesOf(scores.Length);
        ModeExtremes ends = ModeExtremes.Of(scores, count);
        double deviation = Math.Sqrt(scores.Sum(score => score * score) / scores.Length);
        return new ModePatterns(
            group,
            mode + 1,
            count,
            [.. classes.Names.Select((name, p) => Load(name, classes.Members[p].AsSpan(firstToken, scores.Length)))]
        );

        PatternLoading Load(string name, ReadOnlySpan<bool> members)
        {
            int total = members.Count(true);
            (int top, int bottom) = (In(ends.Top, members), In(ends.Bottom, members));
            double sum = 0;
            for (int i = 0; i < scores.Length; i++)
            {
                sum += members[i] ? scores[i] : 0;
            }

            return new PatternLoading(
                name,
                (double)total / scores.Length,
                (double)top / count,
                (double)bottom / count,
                Overlap.PValue(scores.Length, total, count, top),
                Overlap.PValue(scores.Length, total, count, bottom),
                double.NaN,
                double.NaN,
                total > 0 ? sum / total / deviation : double.NaN
            );
        }
    }

    private static int In(IReadOnlyList<TokenScore> tokens, ReadOnlySpan<bool> members)
    {
        int found = 0;
        foreach (TokenScore token in tokens)
        {
            found += members[token.Token] ? 1 : 0;
        }

        return found;
    }
}
