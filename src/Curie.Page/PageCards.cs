using Curie.Page.Data;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Conclusions;

namespace Curie.Page;

/// <summary>The cards of a page: what <c>curie head</c> says of every component.</summary>
internal static class PageCards
{
    private const int ContextBefore = 10;
    private const int ContextAfter = 2;

    /// <summary>The cards of all components, in the run's order.</summary>
    /// <param name="run">The run.</param>
    /// <param name="text">Its text.</param>
    /// <param name="sources">What else is known of it.</param>
    /// <param name="kept">The run's tokens that the page holds, rising.</param>
    public static IReadOnlyList<CardData> Of(SusceptibilityRun run, ProbeText text, HeadCardSources sources, int[] kept) =>
        [.. HeadCard.All(run, sources).Select(card => Card(card, text, kept))];

    private static CardData Card(HeadCard card, ProbeText text, int[] kept) =>
        new(
            card.Component,
            card.Coefficient is { } known ? new EstimateData(known.Mean, known.StandardError) : null,
            card.Conclude().Sentences,
            [
                .. card.Scores.Select(score => new CardScoreData(
                    score.Name,
                    score.Value.Mean,
                    score.Value.StandardError,
                    score.Rank,
                    score.Heads
                )),
            ],
            [.. card.Effects.Select(effect => new CardEffectData(effect.Name, effect.Value.Mean, effect.Value.StandardError))],
            [
                .. card.Modes.Select(mode => new CardModeData(
                    mode.View,
                    RunWords.Title(mode.Group),
                    mode.Mode,
                    mode.Share,
                    mode.Reliability,
                    mode.Loading,
                    mode.Rank,
                    mode.Components
                )),
            ],
            [
                .. card
                    .Tokens.Where(one => one.Part != ResponsePart.Excess || card.Tokens.Count == 1)
                    .SelectMany(one =>
                        Side(one.Part, "expressed", one.Tokens.Expressed, text, kept)
                            .Concat(Side(one.Part, "suppressed", one.Tokens.Suppressed, text, kept))
                    ),
            ],
            [.. card.Twins.Select(twin => new CardTwinData(twin.Run, twin.Partner, twin.Part, twin.Correlation, twin.StandardError))],
            card.Missing
        );

    private static IEnumerable<CardTokenData> Side(
        ResponsePart part,
        string side,
        IReadOnlyList<TokenResponse> tokens,
        ProbeText text,
        int[] kept
    ) =>
        tokens.Select(token =>
        {
            ContextWindow window = text.Window(token.Token, ContextBefore, ContextAfter);
            return new CardTokenData(
                part.Name,
                side,
                token.Value,
                token.StandardError,
                Array.BinarySearch(kept, token.Token) is >= 0 and var place ? place : null,
                window.Before,
                window.Token,
                window.After,
                text.ProbeName(token.Token)
            );
        });
}
