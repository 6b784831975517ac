namespace Curie.Page.Data;

/// <summary>What a run knows about one component, as <c>curie head</c> says it; its mean responses to probes stand in `dataset`.</summary>
/// <param name="Component">The component.</param>
/// <param name="Coefficient">λ̂; null where the run has none.</param>
/// <param name="Sentences">What to remember.</param>
/// <param name="Scores">What it attends to.</param>
/// <param name="Effects">What its mean ablation costs.</param>
/// <param name="Modes">Its places in modes.</param>
/// <param name="Tokens">The tokens that it expresses and suppresses.</param>
/// <param name="Twins">Its counterparts in the other runs of the page.</param>
/// <param name="Missing">What is not known, in sentences.</param>
internal sealed record CardData(
    string Component,
    EstimateData? Coefficient,
    IReadOnlyList<string> Sentences,
    IReadOnlyList<CardScoreData> Scores,
    IReadOnlyList<CardEffectData> Effects,
    IReadOnlyList<CardModeData> Modes,
    IReadOnlyList<CardTokenData> Tokens,
    IReadOnlyList<CardTwinData> Twins,
    IReadOnlyList<string> Missing
);
