using System.Text.Json.Serialization;
using Curie.Development.Scores;
using Curie.Networks.Passes;
using Curie.Numerics.Parallelism;

namespace Curie.Development.Roles;

/// <summary>
/// What every head attends to on random sequences, on which nothing but the structure of a head decides: the scores of
/// <see cref="AttentionSamples"/>, and which heads stand out by them.
/// </summary>
/// <param name="PreviousToken">Attention to the token before.</param>
/// <param name="CurrentToken">Attention to the token itself.</param>
/// <param name="PrefixMatching">Attention to the token that followed the same token earlier.</param>
public sealed record AttentionRoles(
    IReadOnlyList<HeadScore> PreviousToken,
    IReadOnlyList<HeadScore> CurrentToken,
    IReadOnlyList<HeadScore> PrefixMatching
)
{
    /// <summary>A head has a role where it spends more than this share of its attention on it.</summary>
    public const double Outstanding = 1.0 / 3;

    private const double StandardErrors = 3;

    /// <summary>The heads that attend to the previous token, the strongest first.</summary>
    [JsonIgnore]
    public IReadOnlyList<HeadScore> PreviousTokenHeads => StandOut(PreviousToken);

    /// <summary>The heads that do induction: that attend to what followed the same token earlier; the strongest first.</summary>
    [JsonIgnore]
    public IReadOnlyList<HeadScore> InductionHeads => StandOut(PrefixMatching);

    /// <summary>Measures every head.</summary>
    /// <param name="weights">The model.</param>
    /// <param name="drawn">The random sequences.</param>
    /// <param name="samples">How many for each score, at least 2.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    public static AttentionRoles Of(TransformerWeights weights, AttentionSamples drawn, int samples, long seed, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(drawn);
        using HeadScorer scorer = new(weights, machine);
        return new AttentionRoles(
            scorer.Score(drawn.PreviousToken, samples, seed),
            scorer.Score(drawn.CurrentToken, samples, seed),
            scorer.Score(drawn.PrefixMatching, samples, seed)
        );
    }

    /// <summary>The score of one head; null where it has none.</summary>
    /// <param name="scores">One of the three lists.</param>
    /// <param name="component">The head's name.</param>
    public static HeadScore? Find(IReadOnlyList<HeadScore> scores, string component)
    {
        ArgumentNullException.ThrowIfNull(scores);
        return scores.FirstOrDefault(score => score.Component == component);
    }

    /// <summary>Those above <see cref="Outstanding"/> by more than three standard errors.</summary>
    private static IReadOnlyList<HeadScore> StandOut(IReadOnlyList<HeadScore> scores) =>
        [
            .. scores
                .Where(score => score.Value - (StandardErrors * score.StandardError) > Outstanding)
                .OrderByDescending(score => score.Value),
        ];
}
