using Curie.Response.Modes;

namespace Curie.Cli.Reports;

/// <summary>The tokens at both ends of one mode.</summary>
/// <param name="Group">The group of components.</param>
/// <param name="Mode">The mode, from 0.</param>
/// <param name="Ends">The tokens.</param>
/// <param name="Errors">The standard error of every token's score, NaN where it is not known; null where none is.</param>
internal sealed record ModeTokens(string Group, int Mode, ModeExtremes Ends, double[]? Errors)
{
    /// <summary>A score's standard error; null where it is not known.</summary>
    public double? Error(TokenScore score) => Errors is not null && double.IsFinite(Errors[score.Token]) ? Errors[score.Token] : null;

    /// <summary>Scores as lines of a view.</summary>
    public TokenLine[] Shown(IReadOnlyList<TokenScore> scores) =>
        [.. scores.Select(score => new TokenLine(score.Token, score.Score, Error(score)))];

    /// <summary>All of them, the top's first.</summary>
    public IEnumerable<(string Side, int Rank, TokenScore Score)> Lines =>
        Ends.Top.Select((score, i) => ("top", i + 1, score)).Concat(Ends.Bottom.Select((score, i) => ("bottom", i + 1, score)));
}
